#include "server/counters.h"

namespace melete::server {

namespace {

Counter& replies(Metrics& metrics, const std::string& route, const std::string& result) {
  return metrics.counter("melete_http_replies_total", "HTTP replies by route and result.",
                         {{"route", route}, {"result", result}});
}

}  // namespace

ServerCounters::ServerCounters(Metrics& metrics)
    : connections(metrics.gauge("melete_http_connections", "Open client connections.")),
      answers_running(metrics.gauge("melete_answers_running", "Answers being written to clients.")),
      clients_gone(metrics.counter("melete_clients_gone_total",
                                   "Answers that ended because their client went away.")) {}

RouteCounters::RouteCounters(Metrics& metrics, const std::string& route)
    : good(replies(metrics, route, "good")),
      refused(replies(metrics, route, "refused")),
      failed(replies(metrics, route, "failed")) {}

void RouteCounters::count(int status) {
  Counter& counter = status < 400 ? good : status < 500 ? refused : failed;
  counter.add();
}

}  // namespace melete::server
