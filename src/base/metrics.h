// Numbers that any layer may count and the server shows: prometheus-cpp behind a small door.
//
// A metric is looked up once at start-up and kept by reference; it lives as long as its `Metrics`.
// Thread-safe throughout; touching a metric costs one atomic operation.

#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <map>
#include <string>
#include <vector>

namespace melete {

using MetricLabels = std::map<std::string, std::string>;

class Metrics {
 public:
  // The metric of this name and these labels, made at first use. `name` in snake_case with its
  // unit, e.g. "melete_cells_used"; `help` is one sentence.
  prometheus::Counter& counter(const std::string& name, const std::string& help,
                               const MetricLabels& labels = {});
  prometheus::Gauge& gauge(const std::string& name, const std::string& help,
                           const MetricLabels& labels = {});
  prometheus::Histogram& histogram(const std::string& name, const std::string& help,
                                   const std::vector<double>& buckets,
                                   const MetricLabels& labels = {});

  // Everything in the Prometheus text exposition format (version 0.0.4).
  std::string expose() const;

 private:
  prometheus::Registry registry_;
};

}  // namespace melete
