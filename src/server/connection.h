// One client connection: reads requests one after the other, answers each, and ends.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "server/answer.h"
#include "server/http_reader.h"
#include "server/service.h"

namespace melete::server {

// Lives on one network thread, where all of its calls belong. `service` must outlive it.
class Connection {
 public:
  Connection(boost::asio::ip::tcp::socket socket, Service& service);

  // Serves until the client leaves, a limit is passed or the server drains.
  boost::asio::awaitable<void> run();

  // Ends the connection if it waits for a request, else after its reply.
  void drain();

  // Ends the connection now.
  void abort();

 private:
  boost::asio::awaitable<bool> serve_one();
  boost::asio::awaitable<bool> refuse(const NoRequest& failure);
  boost::asio::awaitable<bool> serve_call(RouteMatch match, HttpRequest request,
                                          const Exchange& exchange);
  boost::asio::awaitable<bool> serve_query(RouteMatch match, HttpRequest request,
                                           const Exchange& exchange);
  boost::asio::awaitable<bool> serve_resource(RouteMatch match, HttpRequest request,
                                              const Exchange& exchange);
  boost::asio::awaitable<Result<api::Call>> read_call(const CallTarget& target,
                                                      const std::string& body,
                                                      const api::CallContext& context);
  boost::asio::awaitable<bool> write(const Exchange& exchange, Reply reply);

  Exchange exchange_of(const HttpRequest& request) const;
  api::CallContext context_of(const HttpRequest& request) const;

  Service& service_;
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  bool idle_ = false;  // waits for a request
};

}  // namespace melete::server
