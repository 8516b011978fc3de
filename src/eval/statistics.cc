#include "eval/statistics.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <random>
#include <vector>

#include "base/check.h"

namespace melete::eval {
namespace {

constexpr int kResamples = 10000;

using Estimate = std::function<double(std::span<const double>)>;

Interval bootstrap(const std::vector<double>& values, const Estimate& estimate, uint32_t seed) {
  if (values.empty()) return {};
  std::mt19937 random(seed);
  std::uniform_int_distribution<size_t> any(0, values.size() - 1);
  std::vector<double> sample(values.size());
  std::vector<double> estimates;
  for (int i = 0; i < kResamples; ++i) {
    for (double& value : sample) value = values[any(random)];
    estimates.push_back(estimate(sample));
  }
  return {estimate(values), quantile(estimates, 0.025), quantile(estimates, 0.975)};
}

}  // namespace

double quantile(std::span<const double> values, double share) {
  if (values.empty()) return 0;
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

double mean(std::span<const double> values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Interval paired_difference(std::span<const double> left, std::span<const double> right,
                           uint32_t seed) {
  MELETE_CHECK(left.size() == right.size(), "samples come in pairs");
  std::vector<double> differences;
  for (size_t i = 0; i < left.size(); ++i) differences.push_back(left[i] - right[i]);
  return bootstrap(differences, mean, seed);
}

Interval paired_ratio(std::span<const double> left, std::span<const double> right, uint32_t seed) {
  MELETE_CHECK(left.size() == right.size(), "samples come in pairs");
  std::vector<double> ratios;
  for (size_t i = 0; i < left.size(); ++i) {
    if (right[i] != 0) ratios.push_back(left[i] / right[i]);
  }
  return bootstrap(
      ratios, [](std::span<const double> values) { return quantile(values, 0.5); }, seed);
}

}  // namespace melete::eval
