// Takes a stream of server-sent events apart into the data of each event.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace melete::cli {

// Feed pieces as they arrive, then take events until there is none. Lines end in LF or CRLF;
// comments and fields other than `data` are skipped; an unfinished event waits.
//
// Not thread-safe.
class SseReader {
 public:
  void feed(std::string_view piece);

  // The data of the next whole event, its lines joined by "\n".
  std::optional<std::string> take();

 private:
  std::optional<std::string> take_line();

  std::string buffer_;
  size_t read_ = 0;   // bytes of `buffer_` already taken
  std::string data_;  // of the event that is being read
  bool has_data_ = false;
};

}  // namespace melete::cli
