// How many tokens are worth guessing in a step: more where guesses come true, fewer or none where
// they do not or where a wider step costs too much.

#pragma once

#include <array>
#include <map>
#include <span>
#include <vector>

namespace melete::engine {

// The time of a step for `rows` tokens over that for one, between and beyond what was measured in
// proportion. Unmeasured, each row costs as much as the first.
double step_cost(const std::map<int, double>& measured, int rows);

// How likely a guess is to come true, by the number of tokens before it that agree with the place
// it is taken from: learned from the guesses of one request, whose answers share it. Engine thread
// only.
class DraftOdds {
 public:
  // That a token guessed after so many agreeing ones comes true, 0 to 1.
  double of(size_t agreeing) const;

  // Of `guessed` tokens in a row, the first after `agreeing` ones, `kept` came true.
  void note(size_t agreeing, int guessed, int kept);

  // A place with so many agreeing tokens was passed over: doubt fades, so that such places are
  // tried again after a while.
  void pass_over(size_t agreeing);

 private:
  // Of the tokens guessed lately, and of those the ones that came true; old ones count less.
  struct Record {
    double guessed = 0;
    double kept = 0;
  };

  static constexpr size_t kClasses = 4;  // of agreement
  static size_t class_of(size_t agreeing);

  std::array<Record, kClasses> records_;
};

// What one answer could guess: the odds of each token in turn, given that those before it came
// true.
using DraftOffer = std::vector<double>;

// How much of each offer a step of `rows` tokens should carry beside them, at most `room` in all,
// to give most tokens in a given time; zeros where guesses gain too little to make up for their
// sampling. O(room * offers).
std::vector<int> draft_lengths(const std::map<int, double>& costs, int rows, int room,
                               std::span<const DraftOffer> offers);

}  // namespace melete::engine
