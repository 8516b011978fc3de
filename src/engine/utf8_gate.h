// Lets whole characters through: the tokens of a model are bytes, and a character may take several
// of them.

#pragma once

#include <string>
#include <string_view>

namespace melete::engine {

// Invariant: what comes out is valid UTF-8, and nothing but the bytes of one unfinished character
// waits. One gate belongs to one answer.
class Utf8Gate {
 public:
  // The text that is complete with `bytes`. A byte that belongs to no character becomes U+FFFD.
  std::string feed(std::string_view bytes);

  // U+FFFD when an unfinished character waits, else nothing.
  std::string finish();

 private:
  std::string waiting_;  // at most three bytes
};

}  // namespace melete::engine
