// The numbers that the server counts about itself.

#pragma once

#include <string>

#include "base/metrics.h"

namespace melete::server {

// Thread-safe; lives as long as its `metrics`.
struct ServerCounters {
  explicit ServerCounters(Metrics& metrics);

  Gauge& connections;
  Gauge& answers_running;
  Counter& clients_gone;
};

// Replies of one route by what became of them.
struct RouteCounters {
  RouteCounters(Metrics& metrics, const std::string& route);

  void count(int status);

  Counter& good;     // below 400
  Counter& refused;  // 4xx
  Counter& failed;   // 5xx
};

}  // namespace melete::server
