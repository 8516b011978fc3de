#include "engine/draft_pace.h"

#include <algorithm>

namespace melete::engine {
namespace {

constexpr double kMemory = 0.9;      // what a past guess counts one step later
constexpr double kFading = 0.03;     // of doubt, with each step that guesses nothing
constexpr double kWorthwhile = 1.1;  // times as fast as without guesses: less is lost in sampling
constexpr double kHopeGuessed = 3;
constexpr double kHopeKept = 2;

}  // namespace

double step_cost(const std::map<int, double>& measured, int rows) {
  if (measured.empty()) return rows;
  const auto above = measured.lower_bound(rows);
  if (above == measured.begin()) return above->second;
  const auto below = std::prev(above);
  if (above == measured.end()) return below->second * rows / below->first;
  const double share = static_cast<double>(rows - below->first) / (above->first - below->first);
  return below->second + share * (above->second - below->second);
}

int DraftPace::length(const std::map<int, double>& costs, int rows) {
  const double rate = kept_ / guessed_;
  double expected = rows;  // tokens
  double likely = 1;       // that all guesses so far come true
  double best = kWorthwhile * expected / step_cost(costs, rows);
  int length = 0;
  for (int guesses = 1; guesses <= kMostGuesses; ++guesses) {
    likely *= rate;
    expected += likely;
    const double speed = expected / step_cost(costs, rows + guesses);
    if (speed <= best) continue;
    best = speed;
    length = guesses;
  }
  if (length == 0) {
    guessed_ += kFading * (kHopeGuessed - guessed_);
    kept_ += kFading * (kHopeKept - kept_);
  }
  return length;
}

void DraftPace::note(int guessed, int kept) {
  if (guessed == 0) return;
  // Guesses after the first wrong one say nothing.
  guessed_ = kMemory * guessed_ + std::min(guessed, kept + 1);
  kept_ = kMemory * kept_ + kept;
}

}  // namespace melete::engine
