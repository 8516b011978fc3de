// Melete's own API for a client: one request, one response, its body read as it arrives, and a way
// to end it from another thread.

#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "net/http_client.h"
#include "net/url.h"

namespace melete::cli {

// Reads "http://host:8080", "host:8080", "https://host", "http://[::1]:8080/path"; the port
// defaults to 8080, that of https to 443. A last "/v1" may be there or not. The result's target is
// what comes before /v1 in a path, without a last slash; usually empty. Fails with InvalidArgument
// on other texts.
Result<net::Url> parse_server(const std::string& url);

struct ApiRequest {
  std::string method = "GET";
  std::string path;  // after the server's own, e.g. "/v1/models"
  std::string body;  // JSON; empty: none
};

// One request and its response. It lives on the event loop that it was made for, which must outlive
// it; made by make_shared. Only cancel() may be called from another thread.
class ApiExchange : public std::enable_shared_from_this<ApiExchange> {
 public:
  explicit ApiExchange(const boost::asio::any_io_executor& executor);

  // Sends the request, with the key in MELETE_API_KEY where there is one, and waits for the
  // response's header: 10 seconds at most to connect, without a limit after that since a model may
  // think first. A certificate that `melete serve --tls auto` made on this machine is trusted.
  // Called once. Fails with what net::HttpClient::start() fails with, and with Cancelled after
  // cancel().
  boost::asio::awaitable<Result<void>> open(net::Url server, ApiRequest request);

  // The response's HTTP status; after open().
  int status() const { return exchange_->head().status; }

  // The next piece of the body; nothing at its end. Fails with Unavailable when the connection
  // breaks and with Cancelled after cancel().
  boost::asio::awaitable<Result<std::optional<std::string>>> read();

  // A waiting call ends, and so does every later one. Returns at once.
  void cancel();

 private:
  boost::asio::awaitable<void> until_cancelled();

  template <typename T>
  boost::asio::awaitable<Result<T>> unless_cancelled(boost::asio::awaitable<Result<T>> work);

  net::HttpClient client_;
  std::unique_ptr<net::HttpExchange> exchange_;  // null before open()
  boost::asio::steady_timer bell_;               // rung by its cancellation
  std::atomic<bool> cancelled_ = false;
};

// The rest of the body as one text.
boost::asio::awaitable<Result<std::string>> read_all(ApiExchange& exchange);

}  // namespace melete::cli
