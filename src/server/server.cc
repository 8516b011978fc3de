#include "server/server.h"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "api/responses/restore.h"
#include "base/log.h"
#include "runs/retention.h"
#include "server/listener.h"
#include "server/service.h"
#include "server/tls_context.h"
#include "server/worker.h"

namespace melete::server {

namespace asio = boost::asio;

struct Server::Parts {
  Parts(ServerOptions options, ServerParts parts, std::unique_ptr<asio::ssl::context> tls)
      : service(std::move(options), std::move(parts), std::move(tls)) {}
  ~Parts();

  asio::awaitable<void> drain();
  asio::awaitable<void> until_idle(std::chrono::milliseconds longest);
  void for_each_connection(void (Connection::*action)());

  Service service;
  std::vector<std::unique_ptr<Worker>> workers;
  std::unique_ptr<Listener> listener;
  std::atomic<bool> stopping = false;
  std::mutex joining;
};

namespace {

int thread_count(const ServerOptions& options) {
  if (options.threads > 0) return options.threads;
  return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, ServerParts given) {
  std::unique_ptr<asio::ssl::context> tls;
  if (options.tls) {
    auto made = make_tls_context(*options.tls);
    if (!made) return std::unexpected(made.error());
    tls = std::move(*made);
  }
  auto parts = std::make_unique<Parts>(std::move(options), std::move(given), std::move(tls));
  for (int index = 0; index < thread_count(parts->service.options); ++index) {
    parts->workers.push_back(std::make_unique<Worker>(parts->service));
  }
  parts->service.next_network_thread = [workers = &parts->workers,
                                        next = std::make_shared<std::atomic<size_t>>(0)] {
    return workers->at((*next)++ % workers->size())->context().get_executor();
  };
  auto listener = Listener::open(parts->service, parts->workers);
  if (!listener) return std::unexpected(listener.error());
  parts->listener = std::move(*listener);
  // A server that cannot listen leaves queued answers as they are; new ones come after them.
  Service& service = parts->service;
  if (service.options.restore) {
    api::responses::restore(service.runner, {service.parts.router, service.parts.memory});
  }
  if (service.parts.memory.database && service.options.keep_responses) {
    asio::co_spawn(service.storage,
                   runs::erase_old_responses(*service.parts.memory.database,
                                             {.keep = *service.options.keep_responses}),
                   asio::detached);
  }
  parts->listener->accept();
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() {
  stop();
  wait();
}

uint16_t Server::port() const {
  return parts_->listener->port();
}

std::string Server::url() const {
  const std::string& host = parts_->service.options.host;
  const bool v6 = host.find(':') != std::string::npos;
  const std::string_view scheme = parts_->service.tls ? "https" : "http";
  return fmt::format("{}://{}:{}", scheme, v6 ? "[" + host + "]" : host, port());
}

void Server::stop() {
  if (parts_->stopping.exchange(true)) return;
  parts_->service.draining = true;
  asio::co_spawn(parts_->workers.front()->context(), parts_->drain(), asio::detached);
}

void Server::wait() {
  const std::lock_guard lock(parts_->joining);
  for (const auto& worker : parts_->workers) worker->join();
}

Server::Parts::~Parts() {
  for (const auto& worker : workers) {
    worker->stop();
    worker->join();
  }
  service.end_pools();
}

void Server::Parts::for_each_connection(void (Connection::*action)()) {
  for (const auto& worker : workers) {
    worker->for_each([action](Connection& connection) { (connection.*action)(); });
  }
}

asio::awaitable<void> Server::Parts::until_idle(std::chrono::milliseconds longest) {
  constexpr auto kLook = std::chrono::milliseconds(10);
  asio::steady_timer timer(workers.front()->context());
  const auto end = std::chrono::steady_clock::now() + longest;
  while ((service.connections > 0 || service.runner.table().running() > 0) &&
         std::chrono::steady_clock::now() < end) {
    timer.expires_after(kLook);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

asio::awaitable<void> Server::Parts::drain() {
  log_event(LogLevel::Info, "server_draining", {{"connections", service.connections.load()}});
  listener->close();
  service.runner.close();
  for_each_connection(&Connection::drain);
  co_await until_idle(service.options.drain);
  service.runner.table().stop_all();
  co_await until_idle(service.options.end);
  for_each_connection(&Connection::abort);
  co_await until_idle(service.options.end);
  service.runner.abandon();
  co_await until_idle(service.options.end);
  const bool idle = service.connections == 0 && service.runner.table().running() == 0;
  for (const auto& worker : workers) {
    if (!idle) worker->stop();
    worker->finish();
  }
}

}  // namespace melete::server
