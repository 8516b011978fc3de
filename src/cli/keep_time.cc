#include "cli/keep_time.h"

#include <fmt/format.h>

#include <charconv>
#include <system_error>

namespace melete::cli {

Result<std::optional<std::chrono::seconds>> read_keep_time(std::string_view text) {
  constexpr int kMost = 100'000;
  if (text == "forever") return std::nullopt;
  int count = 0;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const auto read = std::from_chars(begin, end, count);
  const std::string_view unit(read.ptr, end);
  const bool whole = read.ec == std::errc() && count >= 1 && count <= kMost;
  if (whole && unit == "h") return std::chrono::hours(count);
  if (whole && unit == "d") return std::chrono::days(count);
  return fail(ErrorCode::InvalidArgument,
              fmt::format("\"{}\" is no time to keep something: use hours or days such as 12h or "
                          "30d, or forever",
                          text));
}

}  // namespace melete::cli
