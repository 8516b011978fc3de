// What a step and an examination are told by.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"

namespace melete::train {

// Means over answers.
struct AnswerFigures {
  int64_t count = 0;           // of answers
  double right = 0;            // share
  double truncated = 0;        // share that was cut off
  double tokens = 0;           // of an answer, all that was written
  double thinking_tokens = 0;  // of those, the reasoning
  double entropy = 0;          // of the choices that made an answer, in nats
};

using FiguresByDifficulty = std::map<int, AnswerFigures>;

struct ReinforceReport {
  int64_t step = 0;  // counted from 1
  AnswerFigures answers;
  double reward = 0;                // mean
  bool priced = false;              // tokens had a price or a limit
  std::vector<double> solve_rates;  // of each question that was asked
  int64_t dropped = 0;              // questions whose answers were all worth the same
  int64_t set_aside = 0;            // questions of the pool that rest
  int64_t tokens = 0;               // that were written
  double loss = 0;                  // of the policy; it need not fall
  double gap = 0;            // mean difference of the sampler's log-probabilities from training's
  double gradient_norm = 0;  // 0 where every question was dropped and nothing was learnt
  double rate_share = 0;     // of the full learning rate
};

// As a line of the run's log.
Json to_json(const ReinforceReport& report, double tokens_per_second);

// What was measured after a step, as a line: all questions, and under "by_difficulty" those of
// each.
Json to_json(const AnswerFigures& figures, const FiguresByDifficulty& by_difficulty, int64_t step);

// "reward 0.712  right 81 %  thinks 23.4 tokens".
std::string line_of(const ReinforceReport& report);

}  // namespace melete::train
