// An HTTP/1.1 client on Asio coroutines: bodies arrive piece by piece, every wait has a deadline,
// connections are used again, and the environment's proxies are respected.
//
//     HttpClient client(executor);
//     auto exchange = co_await client.start(request);
//     while (auto piece = co_await (*exchange)->read()) ...
//
// Reading is a pull: a reader that is slow slows the server.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "net/proxy.h"
#include "net/url.h"

namespace melete::net {

struct HttpHeader {
  std::string name;
  std::string value;
};

struct HttpRequest {
  std::string method = "GET";
  Url url;
  // Host, Content-Length and User-Agent are added, and Authorization where the address has
  // credentials; what stands here wins.
  std::vector<HttpHeader> headers;
  std::string body;
  int redirect_limit = 5;  // of GET and HEAD; 0: a redirect is an answer like any other
  std::chrono::seconds connect_deadline{
      20};  // connecting, the proxy and TLS; name look-up takes the system's time
  std::chrono::seconds answer_deadline{60};  // from the request to the answer's headers
  std::chrono::seconds read_deadline{60};    // between two pieces of the body
};

struct HttpHead {
  int status = 0;
  std::vector<HttpHeader> headers;
  Url url;  // that answered, after redirects

  // The first header of this name, whatever its case; or nothing.
  std::optional<std::string> header(std::string_view name) const;
};

// One answer being read. Belongs to the coroutine that reads it. Destroying it early closes its
// connection.
class HttpExchange {
 public:
  virtual ~HttpExchange() = default;
  virtual const HttpHead& head() const = 0;

  // The next bytes of the body, never empty; nothing at its end. Fails with Unavailable (the
  // connection was cut before the end) or DeadlineExceeded.
  virtual boost::asio::awaitable<Result<std::optional<std::string>>> read() = 0;
};

struct HttpClientOptions {
  ProxySettings proxies = ProxySettings::from_environment();
  std::string authorities;      // a PEM file of certificate authorities; empty: the system's
  size_t idle_connections = 8;  // kept open for each host
  std::string trusted;          // a PEM file of certificates to trust besides; empty: none
};

// Not thread-safe: a client belongs to one thread's (or strand's) executor, and must outlive its
// exchanges.
class HttpClient {
 public:
  explicit HttpClient(boost::asio::any_io_executor executor, HttpClientOptions options = {});
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Sends a request and reads the answer's headers; any status is a success. Authorization and
  // Cookie headers do not follow a redirect to another host. Fails with Unavailable (no such host,
  // refused, cut, bad certificate), DeadlineExceeded, Corrupt (not HTTP), or InvalidArgument.
  boost::asio::awaitable<Result<std::unique_ptr<HttpExchange>>> start(HttpRequest request);

 private:
  class Parts;

  boost::asio::awaitable<Result<std::unique_ptr<HttpExchange>>> send_once(
      const HttpRequest& request);

  std::shared_ptr<Parts> parts_;
};

// Reads the rest of a body of at most `limit` bytes. Fails with TooLarge beyond that.
boost::asio::awaitable<Result<std::string>> read_all(HttpExchange& exchange, size_t limit);

}  // namespace melete::net
