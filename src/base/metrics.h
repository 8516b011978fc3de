// Numbers that any layer may count and the server shows.
//
// A metric is looked up once at start-up and kept by reference; it lives as long as its `Metrics`.
// Thread-safe throughout; touching a metric costs one atomic operation.

#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace melete {

// Labels by name, e.g. {{"model", "qwen"}}.
using MetricLabels = std::map<std::string, std::string>;

// Only goes up.
class Counter {
 public:
  void add(double amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_ = 0;
};

// Goes up and down.
class Gauge {
 public:
  void set(double value) { value_.store(value, std::memory_order_relaxed); }
  void add(double amount) { value_.fetch_add(amount, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_ = 0;
};

class Metrics {
 public:
  // The metric of this name and these labels, made at first use. `name` in snake_case with its
  // unit, e.g. "melete_cells_used", of a counter or of a gauge but not of both; `help` is one
  // sentence.
  Counter& counter(const std::string& name, const std::string& help,
                   const MetricLabels& labels = {});
  Gauge& gauge(const std::string& name, const std::string& help, const MetricLabels& labels = {});

  // Everything in the Prometheus text exposition format (version 0.0.4).
  std::string expose() const;

 private:
  // The metrics of one name, by their labels as they are shown.
  template <typename Metric>
  struct Family {
    std::string help;
    std::map<std::string, std::unique_ptr<Metric>> metrics;
  };

  template <typename Metric>
  static void expose(const std::map<std::string, Family<Metric>>& families, const char* type,
                     std::string& text);

  mutable std::mutex mutex_;
  std::map<std::string, Family<Counter>> counters_;  // guarded by mutex_, as the next
  std::map<std::string, Family<Gauge>> gauges_;
};

}  // namespace melete
