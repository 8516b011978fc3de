#include "server/compression.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <boost/beast/core/string.hpp>

#include "base/check.h"
#include "base/text.h"

namespace melete::server {

namespace {

// Takes what stands before the next `separator` off the front of `text`.
std::string_view take_until(std::string_view& text, char separator) {
  const size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return trimmed(part);
}

// "q=0", "q=0.0" and so on.
bool is_zero_weight(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view value = take_until(parameters, ';');
    const std::string_view name = take_until(value, '=');
    if (name != "q" && name != "Q") continue;
    return value.starts_with('0') && value.find_first_not_of("0.") == std::string_view::npos;
  }
  return false;
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  bool any = false;
  while (!accept_encoding.empty()) {
    std::string_view coding = take_until(accept_encoding, ',');
    const std::string_view name = take_until(coding, ';');
    const bool allowed = !is_zero_weight(coding);
    if (boost::beast::iequals({name.data(), name.size()}, "gzip")) return allowed;
    if (name == "*") any = allowed;
  }
  return any;
}

bool worth_compressing(std::string_view content_type, size_t bytes) {
  constexpr size_t kLeast = 1024;  // below it a packet is a packet
  if (bytes < kLeast || content_type.starts_with("text/event-stream")) return false;
  constexpr std::array<std::string_view, 4> kTexts{"text/", "application/json",
                                                   "application/javascript", "image/svg"};
  return std::ranges::any_of(kTexts,
                             [&](std::string_view text) { return content_type.starts_with(text); });
}

std::string gzipped(std::string_view bytes) {
  constexpr int kGzip = 15 + 16;  // the largest window, with gzip's own head
  constexpr int kMemory = 8;
  z_stream stream{};
  const int begun =
      deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzip, kMemory, Z_DEFAULT_STRATEGY);
  MELETE_CHECK(begun == Z_OK, "zlib has memory for its window");
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  // zlib does not write to its input, but says so only when built with ZLIB_CONST.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

}  // namespace melete::server
