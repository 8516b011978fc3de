#include "server/call_headers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace melete::server {

namespace {

std::string_view header(const HttpRequest& request, std::string_view name) {
  const auto value = request[boost::beast::string_view(name.data(), name.size())];
  return {value.data(), value.size()};
}

Result<std::chrono::milliseconds> read_deadline(std::string_view text) {
  constexpr int64_t kMost = 24 * 60 * 60 * 1000;
  int64_t value = 0;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const auto [stopped, error] = std::from_chars(begin, end, value);
  if (error != std::errc{} || stopped != end || value < 1 || value > kMost) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("x-melete-deadline-ms is \"{}\": use a whole number of milliseconds "
                            "from 1 to {}.",
                            text.substr(0, 100), kMost),
                "x-melete-deadline-ms");
  }
  return std::chrono::milliseconds(value);
}

Result<std::string> read_idempotency_key(std::string_view text) {
  constexpr size_t kMostBytes = 255;
  const bool visible = std::ranges::all_of(
      text, [](char character) { return character >= ' ' && character <= '~'; });
  if (!visible || text.size() > kMostBytes) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("idempotency-key must be at most {} visible ASCII characters, such as "
                            "a UUID.",
                            kMostBytes),
                "idempotency-key");
  }
  return std::string(text);
}

}  // namespace

Result<CallHeaders> read_call_headers(const HttpRequest& request) {
  CallHeaders headers;
  if (const auto text = header(request, "x-melete-deadline-ms"); !text.empty()) {
    const auto deadline = read_deadline(text);
    if (!deadline) return std::unexpected(deadline.error());
    headers.deadline = *deadline;
  }
  auto key = read_idempotency_key(header(request, "idempotency-key"));
  if (!key) return std::unexpected(key.error());
  headers.idempotency_key = std::move(*key);
  headers.caller = header(request, "authorization");
  headers.caller += '\n';
  headers.caller += header(request, "x-api-key");
  return headers;
}

void keep_deadline(std::optional<std::chrono::milliseconds> deadline, chat::Limits& limits) {
  if (deadline) limits.deadline = std::min(limits.deadline.value_or(*deadline), *deadline);
}

}  // namespace melete::server
