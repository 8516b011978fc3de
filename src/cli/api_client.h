// A small HTTP client for Melete's own API: one request, one response, its body read as it arrives.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"

namespace melete::cli {

struct ServerAddress {
  std::string host;    // a name or an address, without brackets
  std::string port;    // digits
  std::string prefix;  // a path before /v1, without a last slash; usually empty
};

// Reads "http://host:8080", "host:8080", "http://[::1]:8080/path"; the port defaults to 8080. A
// last "/v1" may be there or not. Fails with InvalidArgument on other texts and with Unsupported on
// https.
Result<ServerAddress> parse_server(const std::string& url);

struct ApiRequest {
  std::string method = "GET";
  std::string path;  // after the address's prefix, e.g. "/v1/models"
  std::string body;  // JSON; empty: none
};

// One request and its response. It lives on the event loop that it was made for, which must outlive
// it. Only cancel() may be called from another thread.
class ApiExchange {
 public:
  virtual ~ApiExchange() = default;

  // Sends the request and waits for the response's header: 10 seconds at most to connect, without a
  // limit after that since a model may think first. Called once. Fails with Unavailable when the
  // server does not answer, and with Cancelled after cancel().
  virtual boost::asio::awaitable<Result<void>> open(ServerAddress address, ApiRequest request) = 0;

  // The response's HTTP status; after open().
  virtual int status() const = 0;

  // The next piece of the body; nothing at its end. Fails with Unavailable when the connection
  // breaks and with Cancelled after cancel().
  virtual boost::asio::awaitable<Result<std::optional<std::string>>> read() = 0;

  // Closes the connection; a waiting call ends. Returns at once.
  virtual void cancel() = 0;
};

std::shared_ptr<ApiExchange> make_exchange(boost::asio::any_io_executor executor);

// The rest of the body as one text.
boost::asio::awaitable<Result<std::string>> read_all(ApiExchange& exchange);

}  // namespace melete::cli
