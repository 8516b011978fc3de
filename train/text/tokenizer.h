// Text to token ids and back, as llama.cpp's "rwkv" tokenizer does it: greedily the longest entry
// of the vocabulary, byte for byte.

#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace melete::train {

// Immutable, so any number of threads may use one.
class Tokenizer {
 public:
  Tokenizer();

  // Any bytes, marks included: a text from outside has to be free of them. O(bytes).
  std::vector<int32_t> encode(std::string_view text) const;

  // The bytes of `tokens`, marks included. Ids outside the vocabulary are a programmer's error.
  std::string decode(std::span<const int32_t> tokens) const;

  // The id of one entry; asking for another text is a programmer's error.
  int32_t id(std::string_view entry) const;

 private:
  int32_t longest(std::string_view text) const;

  std::array<std::vector<int32_t>, 256> by_first_byte_;  // longest first
};

}  // namespace melete::train
