// Writes one reply as server-sent events, piece by piece, and keeps a silent one alive with
// comments.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <string>
#include <string_view>

#include "server/byte_stream.h"
#include "server/options.h"
#include "server/reply.h"

namespace melete::server {

// The reply's head goes out with the first frames. A write waits until the client's socket takes
// it, which is what slows the answer of a slow reader.
//
// Not thread-safe: used on its connection's thread, by one writer and the comments beside it.
class SseWriter {
 public:
  // All must outlive the writer.
  SseWriter(ByteStream& stream, const Exchange& exchange, const ServerLimits& limits);

  // Writes whole frames; false when the client is gone or too slow.
  boost::asio::awaitable<bool> write(std::string frames);

  // Ends the body.
  boost::asio::awaitable<bool> finish();

  // Writes a comment whenever nothing was written for the comment interval. Never returns while the
  // client is there; meant to be raced against the answer.
  boost::asio::awaitable<void> keep_alive();

  // True once the head is out, so that no other reply is possible.
  bool begun() const { return begun_; }

 private:
  std::string framed(std::string_view body) const;
  boost::asio::awaitable<bool> put(std::string bytes);

  ByteStream& stream_;
  const Exchange& exchange_;
  const ServerLimits& limits_;
  boost::asio::steady_timer turn_;  // cancelled whenever a write ends
  std::chrono::steady_clock::time_point last_write_ = std::chrono::steady_clock::now();
  bool writing_ = false;
  bool begun_ = false;
};

}  // namespace melete::server
