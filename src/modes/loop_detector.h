// Notices that a model repeats itself: small models fall into loops and would write on until their
// limit (the feedback that Holtzman et al. describe, 2020, arXiv:1904.09751).
//
// A text loops when its tail is one passage over and over. The shortest period of every tail falls
// out of the prefix function of the text read backwards (Knuth, Morris and Pratt, 1977), which is
// linear and compares bytes only.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace melete::modes {

struct LoopOptions {
  size_t least_bytes = 320;  // a repeated tail shorter than this is style; at least 1
  size_t repeats = 4;        // rounds of the same passage that make a loop; at least 2
  size_t window = 4096;      // bytes of the tail that are looked at: passages up to a quarter of it
};

// Exact repetition only: a list that counts up is none. Not thread-safe.
class LoopDetector {
 public:
  LoopDetector() = default;
  explicit LoopDetector(LoopOptions options) : options_(options) {}

  // Adds what was written next. True once the tail is a loop. O(1) for each byte on average, with a
  // look at the window for every 128 bytes.
  bool add(std::string_view text);

  // How much of the text stands before the second round of the loop; all of it without one.
  size_t sound_bytes() const { return sound_bytes_; }

 private:
  void look();

  LoopOptions options_;
  std::string tail_;
  std::vector<size_t> border_;  // of each tail of tail_, longest proper prefix that is its suffix
  size_t unseen_ = 0;           // bytes since the last look
  size_t bytes_ = 0;            // added so far
  size_t sound_bytes_ = 0;
  bool loops_ = false;
};

}  // namespace melete::modes
