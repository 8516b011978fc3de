// The listening socket: takes connections and hands them to the workers in turn.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <vector>

#include "server/worker.h"

namespace melete::server {

// Lives on the first worker's thread.
class Listener {
 public:
  // Binds and listens; who connects waits until accept(). Errors as Server::start().
  static Result<std::unique_ptr<Listener>> open(
      Service& service, const std::vector<std::unique_ptr<Worker>>& workers);

  // Begins to take connections. Called once.
  void accept();

  uint16_t port() const { return port_; }

  // Takes no more connections. Called on the first worker's thread.
  void close();

 private:
  Listener(Service& service, const std::vector<std::unique_ptr<Worker>>& workers);

  Result<void> bind();
  boost::asio::awaitable<void> accept_forever();
  void turn_away(boost::asio::ip::tcp::socket socket);

  Service& service_;
  const std::vector<std::unique_ptr<Worker>>& workers_;
  boost::asio::ip::tcp::acceptor acceptor_;
  uint16_t port_ = 0;
};

}  // namespace melete::server
