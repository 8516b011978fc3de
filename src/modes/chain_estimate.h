// Predicts what one chain takes from the agents that have finished: the measure of the time budget
// and of the latency ratio that is reported.

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>

namespace melete::modes {

// A chain as it ended by itself with an answer.
struct FinishedChain {
  std::chrono::nanoseconds took{};  // from its start, the prompt included
  int64_t tokens = 0;
  int64_t tokens_of_all = 0;  // written by all agents in that time, its own included
};

// Means over the chains so far. Those that finish first are short, so early predictions are low: a
// budget is a multiple of them.
class ChainEstimate {
 public:
  explicit ChainEstimate(std::map<int, double> step_costs) : step_costs_(std::move(step_costs)) {}

  void add(const FinishedChain& chain);

  // One chain beside the others, as it went here; nothing before the first.
  std::optional<std::chrono::nanoseconds> in_company() const;

  // One chain alone: the same tokens at the cost of a step for one sequence. Agents write a token
  // in each step, so `tokens_of_all` over `tokens` is how many ran beside each other on average.
  std::optional<std::chrono::nanoseconds> alone() const;

 private:
  std::map<int, double> step_costs_;
  std::chrono::nanoseconds in_company_{};  // sums
  std::chrono::nanoseconds alone_{};
  int chains_ = 0;
};

}  // namespace melete::modes
