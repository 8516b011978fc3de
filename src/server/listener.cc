#include "server/listener.h"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "base/ids.h"
#include "base/log.h"

namespace melete::server {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

Error bind_error(const boost::system::error_code& error, const ServerOptions& options) {
  if (error == asio::error::address_in_use) {
    return {ErrorCode::Conflict,
            fmt::format("Port {} on {} is already in use: end the program that uses it, or choose "
                        "another with --port.",
                        options.port, options.host),
            "port"};
  }
  if (error == asio::error::access_denied) {
    return {
        ErrorCode::Forbidden,
        fmt::format("Port {} needs rights that this program has not: choose one above 1023 with "
                    "--port.",
                    options.port),
        "port"};
  }
  return {ErrorCode::InvalidArgument,
          fmt::format("Cannot listen on {}: {}. Give an address of this machine with --host, e.g. "
                      "127.0.0.1 or 0.0.0.0.",
                      options.host, error.message()),
          "host"};
}

bool is_loopback(const asio::ip::address& address) {
  const bool mapped = address.is_v6() && address.to_v6().is_v4_mapped();
  if (!mapped) return address.is_loopback();
  return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).is_loopback();
}

}  // namespace

Listener::Listener(Service& service, const std::vector<std::unique_ptr<Worker>>& workers)
    : service_(service), workers_(workers), acceptor_(workers.front()->context()) {}

Result<std::unique_ptr<Listener>> Listener::open(
    Service& service, const std::vector<std::unique_ptr<Worker>>& workers) {
  std::unique_ptr<Listener> listener(new Listener(service, workers));
  if (const auto bound = listener->bind(); !bound) return std::unexpected(bound.error());
  return listener;
}

void Listener::accept() {
  asio::co_spawn(workers_.front()->context(), accept_forever(), asio::detached);
}

Result<void> Listener::bind() {
  const ServerOptions& options = service_.options;
  boost::system::error_code error;
  tcp::resolver resolver(acceptor_.get_executor());
  const auto found =
      resolver.resolve(options.host, std::to_string(options.port), tcp::resolver::passive, error);
  if (error) return std::unexpected(bind_error(error, options));
  const tcp::endpoint endpoint = *found.begin();

  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
  if (error) return std::unexpected(bind_error(error, options));
  port_ = acceptor_.local_endpoint().port();
  service_.here_alone = is_loopback(endpoint.address());
  return {};
}

void Listener::close() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
}

asio::awaitable<void> Listener::accept_forever() {
  constexpr auto kPause = std::chrono::milliseconds(50);
  asio::steady_timer timer(acceptor_.get_executor());
  for (size_t next = 0; acceptor_.is_open(); next = (next + 1) % workers_.size()) {
    tcp::socket socket(workers_[next]->context());
    const auto [error] =
        co_await acceptor_.async_accept(socket, asio::as_tuple(asio::use_awaitable));
    if (!acceptor_.is_open()) co_return;
    if (error) {
      log_event(LogLevel::Warning, "accept_failed", {{"why", error.message()}});
      timer.expires_after(kPause);
      co_await timer.async_wait(asio::use_awaitable);
    } else if (service_.connections >= service_.options.limits.connections) {
      turn_away(std::move(socket));
    } else {
      workers_[next]->adopt(std::move(socket));
    }
  }
}

// One short write into an empty send buffer never waits. Under TLS it would have to.
void Listener::turn_away(tcp::socket socket) {
  if (service_.tls) return;
  const Exchange exchange{.request_id = make_id("req_"), .keep_alive = false};
  const std::string bytes = write_reply(
      exchange, error_reply({ErrorCode::Overloaded,
                             fmt::format("The server has {} connections, which is its limit: try "
                                         "again.",
                                         service_.options.limits.connections)}));
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(bytes), ignored);
  socket.shutdown(tcp::socket::shutdown_send, ignored);
}

}  // namespace melete::server
