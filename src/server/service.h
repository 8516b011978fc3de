// What all connections of one server share.

#pragma once

#include <atomic>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>

#include "runs/runner.h"
#include "server/counters.h"
#include "server/idempotency.h"
#include "server/options.h"
#include "server/routes.h"

namespace melete::server {

// Threads whose work, also what only waits, refers to the network threads' loops.
class ThreadPool : public boost::asio::thread_pool {
 public:
  using boost::asio::thread_pool::thread_pool;

  // Waits for what runs and destroys what waits; the loops must still be there. Called by one
  // thread.
  void end();
};

// Thread-safe after its construction.
struct Service {
  // `tls` is null where connections are plain.
  Service(ServerOptions options, ServerParts parts, std::unique_ptr<boost::asio::ssl::context> tls);

  // Ends the pools. Called once the network threads have ended, before their loops are destroyed.
  void end_pools();

  const ServerOptions options;
  const ServerParts parts;
  const std::unique_ptr<boost::asio::ssl::context> tls;
  RouteTable routes;
  ServerCounters counters;
  IdempotencyTable idempotency;
  std::atomic<bool> draining = false;
  bool here_alone = false;  // no other machine can reach it; set once, before the first request
  std::atomic<int> connections = 0;
  std::atomic<int> long_queries = 0;  // that run or wait
  ThreadPool long_pool{1};            // has models compute; they take turns anyway
  ThreadPool pool{2};                 // reads and keeps large bodies
  ThreadPool storage{4};              // waits for the database
  // Where a background answer runs; set once, before the first request.
  std::function<boost::asio::any_io_executor()> next_network_thread;
  runs::Runner runner;
};

}  // namespace melete::server
