// How many tokens are worth guessing for one answer: more while guesses come true, fewer or none
// where they do not or where a wider step costs too much.

#pragma once

#include <map>

namespace melete::engine {

// The time of a step for `rows` tokens over that for one, between and beyond what was measured in
// proportion. Unmeasured, each row costs as much as the first.
double step_cost(const std::map<int, double>& measured, int rows);

// Engine thread only; one belongs to one choice.
class DraftPace {
 public:
  static constexpr int kMostGuesses = 7;

  // The number of guesses, 0 to kMostGuesses, for which a step of `rows` tokens gives most tokens
  // in a given time. Where that is none, doubt fades, so that some are tried again after a while.
  int length(const std::map<int, double>& costs, int rows);

  // `kept` of `guessed` tokens came true.
  void note(int guessed, int kept);

 private:
  // Of the tokens guessed lately, and of those the ones that came true; old ones count less.
  double guessed_ = 3;
  double kept_ = 2;
};

}  // namespace melete::engine
