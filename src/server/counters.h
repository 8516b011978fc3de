// The numbers that the server counts about itself.

#pragma once

#include <string>

#include "base/metrics.h"

namespace melete::server {

// Thread-safe; lives as long as its `metrics`.
struct ServerCounters {
  explicit ServerCounters(Metrics& metrics);

  prometheus::Gauge& connections;
  prometheus::Gauge& answers_running;
  prometheus::Counter& clients_gone;
};

// Replies of one route by what became of them.
struct RouteCounters {
  RouteCounters(Metrics& metrics, const std::string& route);

  void count(int status);

  prometheus::Counter& good;     // below 400
  prometheus::Counter& refused;  // 4xx
  prometheus::Counter& failed;   // 5xx
};

}  // namespace melete::server
