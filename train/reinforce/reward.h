// What an answer is worth: right or wrong, and at what price its tokens come.
//
// The price is a share of the reward, not a sum beside it (arXiv:2603.10535: a sum rewards a wrong
// answer for being short), and grows with how surely the question is solved (arXiv:2506.05256: so
// thought is saved where it is not needed). It counts every token that is written, for reasoning
// that costs only within its tags moves out of them.
//
// Pure; any thread. All functions are about one group: the answers to one question.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace melete::train {

struct Outcome {
  bool right = false;  // false for every answer that was cut off
  int64_t tokens = 0;
};

struct Price {
  double weight = 0.2;   // of a whole budget, as a share of the reward; 0 to 1
  int64_t budget = 256;  // tokens; the longest that an answer can be
};

// The share of right answers.
double solve_rate(std::span<const Outcome> group);

// right * (1 - weight * solve rate * tokens / budget): a wrong answer gets nothing, however short.
std::vector<double> priced_rewards(std::span<const Outcome> group, const Price& price);

// right - weight * tokens / budget: the sum, to compare with.
std::vector<double> summed_rewards(std::span<const Outcome> group, const Price& price);

// 1 for each right answer of at most `limit` tokens.
std::vector<double> limited_rewards(std::span<const Outcome> group, int64_t limit);

// How many tokens the given share of the right answers does not exceed; nothing where none is
// right.
std::optional<int64_t> usual_length(std::span<const Outcome> group, double share);

// Each reward less the group's mean; nothing where all are alike and teach nothing. They are not
// divided by their deviation, which would make the price of a solved question as large as an error.
std::vector<double> advantages_of(std::span<const double> rewards);

// 1 for the shortest right answer and 0 for the others, which is fine-tuning on it; nothing where
// none is right.
std::vector<double> shortest_alone(std::span<const Outcome> group);

}  // namespace melete::train
