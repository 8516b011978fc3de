#include "base/metrics.h"

#include <fmt/format.h>

#include <string_view>

namespace melete {
namespace {

// Text as the format wants it: of a help the first two are escaped, of a label all three.
std::string escaped(std::string_view text, bool label) {
  std::string out;
  for (const char letter : text) {
    if (letter == '\\') {
      out += "\\\\";
    } else if (letter == '\n') {
      out += "\\n";
    } else if (letter == '"' && label) {
      out += "\\\"";
    } else {
      out += letter;
    }
  }
  return out;
}

// "{model="a",route="b"}"; empty without labels.
std::string shown(const MetricLabels& labels) {
  std::string out;
  for (const auto& [name, value] : labels) {
    out += fmt::format("{}{}=\"{}\"", out.empty() ? "{" : ",", name, escaped(value, true));
  }
  return out.empty() ? out : out + "}";
}

}  // namespace

Counter& Metrics::counter(const std::string& name, const std::string& help,
                          const MetricLabels& labels) {
  const std::lock_guard lock(mutex_);
  Family<Counter>& family = counters_.try_emplace(name, Family<Counter>{help, {}}).first->second;
  std::unique_ptr<Counter>& metric = family.metrics[shown(labels)];
  if (!metric) metric = std::make_unique<Counter>();
  return *metric;
}

Gauge& Metrics::gauge(const std::string& name, const std::string& help,
                      const MetricLabels& labels) {
  const std::lock_guard lock(mutex_);
  Family<Gauge>& family = gauges_.try_emplace(name, Family<Gauge>{help, {}}).first->second;
  std::unique_ptr<Gauge>& metric = family.metrics[shown(labels)];
  if (!metric) metric = std::make_unique<Gauge>();
  return *metric;
}

template <typename Metric>
void Metrics::expose(const std::map<std::string, Family<Metric>>& families, const char* type,
                     std::string& text) {
  for (const auto& [name, family] : families) {
    text +=
        fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, escaped(family.help, false), name, type);
    for (const auto& [labels, metric] : family.metrics) {
      text += fmt::format("{}{} {}\n", name, labels, metric->value());
    }
  }
}

std::string Metrics::expose() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  expose(counters_, "counter", text);
  expose(gauges_, "gauge", text);
  return text;
}

}  // namespace melete
