// One client connection: reads requests one after the other, answers each, and ends.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "server/answer.h"
#include "server/call_headers.h"
#include "server/http_reader.h"
#include "server/service.h"
#include "server/websocket_session.h"

namespace melete::server {

// Requests that come before their turn (HTTP/1.1 pipelining) are answered in the order they came.
//
// Lives on one network thread, where all of its calls belong. `service` must outlive it.
class Connection {
 public:
  Connection(std::unique_ptr<ByteStream> stream, Service& service);

  // Serves until the client leaves, a limit is passed or the server drains.
  boost::asio::awaitable<void> run();

  // Ends the connection if it waits for a request, else after its reply.
  void drain();

  // Ends the connection now.
  void abort();

 private:
  struct CallBody {
    CallHeaders headers;
    std::string body;
    api::CallContext context;
  };

  boost::asio::awaitable<bool> serve_one();
  boost::asio::awaitable<bool> refuse(const NoRequest& failure);
  boost::asio::awaitable<bool> serve_call(RouteMatch match, HttpRequest request,
                                          const Exchange& exchange);
  boost::asio::awaitable<bool> serve_once(const RouteMatch& match, CallBody& call,
                                          const Exchange& exchange);
  boost::asio::awaitable<bool> answer_again(const RouteMatch& match, std::shared_ptr<runs::Run> run,
                                            const Exchange& exchange);
  boost::asio::awaitable<bool> answer_call(const RouteMatch& match, CallBody& given,
                                           const Exchange& exchange,
                                           IdempotencyTable::Claim* claim);
  boost::asio::awaitable<bool> refuse_call(const RouteMatch& match, Error error,
                                           const Exchange& exchange);
  boost::asio::awaitable<bool> serve_socket(Route& route, const HttpRequest& request,
                                            const Exchange& exchange);
  boost::asio::awaitable<bool> serve_query(RouteMatch match, HttpRequest request,
                                           const Exchange& exchange);
  boost::asio::awaitable<bool> serve_resource(RouteMatch match, HttpRequest request,
                                              const Exchange& exchange);
  boost::asio::awaitable<bool> serve_long_query(RouteMatch match, std::string body,
                                                const Exchange& exchange);
  boost::asio::awaitable<void> stop_when_client_leaves(std::stop_source stop);
  boost::asio::awaitable<bool> write(const Exchange& exchange, Reply reply);

  Exchange exchange_of(const HttpRequest& request) const;
  api::CallContext context_of(const HttpRequest& request) const;

  Service& service_;
  const std::unique_ptr<ByteStream> owned_;
  ByteStream& stream_;
  boost::beast::flat_buffer buffer_;
  bool idle_ = false;                        // waits for a request
  std::optional<WebSocketSession> session_;  // once it has become a WebSocket
};

}  // namespace melete::server
