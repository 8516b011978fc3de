#include "server/sse_writer.h"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace melete::server {

namespace asio = boost::asio;

namespace {

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

}  // namespace

SseWriter::SseWriter(ByteStream& stream, const Exchange& exchange, const ServerLimits& limits)
    : stream_(stream),
      exchange_(exchange),
      limits_(limits),
      turn_(stream.executor(), asio::steady_timer::time_point::max()) {}

// HTTP/1.0 knows no chunks: there the body ends with the connection.
std::string SseWriter::framed(std::string_view body) const {
  if (exchange_.http_version == 10) return std::string(body);
  return fmt::format("{:x}\r\n{}\r\n", body.size(), body);
}

asio::awaitable<bool> SseWriter::put(std::string bytes) {
  while (writing_) co_await turn_.async_wait(kTuple);
  writing_ = true;
  if (!std::exchange(begun_, true)) {
    Headers framing{{"cache-control", "no-cache"}, {"x-accel-buffering", "no"}};
    if (exchange_.http_version != 10) framing.emplace_back("transfer-encoding", "chunked");
    bytes.insert(0, write_head(exchange_, {.content_type = "text/event-stream"}, framing));
  }
  stream_.expires_after(limits_.write_time);
  const bool taken = co_await stream_.write(bytes);
  stream_.expires_never();
  last_write_ = std::chrono::steady_clock::now();
  writing_ = false;
  turn_.cancel();
  co_return taken;
}

asio::awaitable<bool> SseWriter::write(std::string frames) {
  co_return co_await put(framed(frames));
}

asio::awaitable<bool> SseWriter::finish() {
  if (exchange_.http_version == 10) co_return true;
  co_return co_await put("0\r\n\r\n");
}

asio::awaitable<void> SseWriter::keep_alive() {
  asio::steady_timer timer(stream_.executor());
  while (true) {
    timer.expires_at(last_write_ + limits_.comment_interval);
    const auto [error] = co_await timer.async_wait(kTuple);
    if (error) co_return;
    if (writing_) co_await turn_.async_wait(kTuple);
    if (std::chrono::steady_clock::now() < last_write_ + limits_.comment_interval) continue;
    if (!co_await put(framed(": keep-alive\n\n"))) co_return;
  }
}

}  // namespace melete::server
