// What all connections of one server share.

#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>

#include "runs/runner.h"
#include "server/counters.h"
#include "server/options.h"
#include "server/routes.h"

namespace melete::server {

// Thread-safe after its construction.
struct Service {
  Service(ServerOptions options, ServerParts parts);
  ~Service();

  const ServerOptions options;
  const ServerParts parts;
  RouteTable routes;
  ServerCounters counters;
  std::atomic<bool> draining = false;
  std::atomic<int> connections = 0;
  boost::asio::thread_pool pool{2};     // reads large bodies
  boost::asio::thread_pool storage{4};  // waits for the database
  // Where a background answer runs; set once, before the first request.
  std::function<boost::asio::any_io_executor()> next_network_thread;
  runs::Runner runner;
};

}  // namespace melete::server
