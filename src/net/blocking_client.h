// The HTTP client for code that has no event loop, such as a command that downloads one file.

#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "net/http_client.h"

namespace melete::net {

// One answer at a time, on the calling thread; connections are used again. Not thread-safe. Never
// used on a thread that runs coroutines.
class BlockingHttpClient {
 public:
  explicit BlockingHttpClient(HttpClientOptions options = {});
  ~BlockingHttpClient();
  BlockingHttpClient(const BlockingHttpClient&) = delete;
  BlockingHttpClient& operator=(const BlockingHttpClient&) = delete;

  // HttpClient::start(): the answer's status and headers. An answer that was being read is dropped.
  Result<HttpHead> start(HttpRequest request);

  // HttpExchange::read() of the answer that was started; at its end, and before any start(),
  // nothing.
  Result<std::optional<std::string>> read();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace melete::net
