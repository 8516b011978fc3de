#include "engine/draft_pace.h"

#include <algorithm>
#include <iterator>

namespace melete::engine {
namespace {

constexpr double kMemory = 0.95;     // what a past guess counts one guess later
constexpr double kFading = 0.03;     // of doubt, with each place passed over
constexpr double kWorthwhile = 0.1;  // gained by an answer: less is lost in sampling
constexpr double kHopeGuessed = 4;   // tokens by which the first hope counts
constexpr std::array kHope = {0.4, 0.55, 0.7, 0.85};        // by class of agreement
constexpr std::array<size_t, 3> kClassStarts = {4, 6, 10};  // tokens that agree

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

size_t DraftOdds::class_of(size_t agreeing) {
  return static_cast<size_t>(std::ranges::upper_bound(kClassStarts, agreeing) -
                             kClassStarts.begin());
}

double DraftOdds::of(size_t agreeing) const {
  const size_t index = class_of(agreeing);
  const Record& record = records_[index];
  return (record.kept + kHopeGuessed * kHope[index]) / (record.guessed + kHopeGuessed);
}

void DraftOdds::note(size_t agreeing, int guessed, int kept) {
  // Guesses after the first wrong one say nothing.
  for (int i = 0; i < std::min(guessed, kept + 1); ++i) {
    Record& record = records_[class_of(agreeing + static_cast<size_t>(i))];
    record.guessed = kMemory * record.guessed + 1;
    record.kept = kMemory * record.kept + (i < kept ? 1 : 0);
  }
}

void DraftOdds::pass_over(size_t agreeing) {
  Record& record = records_[class_of(agreeing)];
  record.guessed *= 1 - kFading;
  record.kept *= 1 - kFading;
}

std::vector<int> draft_lengths(const std::map<int, double>& costs, int rows, int room,
                               std::span<const DraftOffer> offers) {
  std::vector<int> lengths(offers.size(), 0);
  std::vector<int> best_lengths = lengths;
  std::vector<double> likely(offers.size(), 1);  // that all of the offer's guesses so far come true
  double expected = rows;                        // tokens
  double best = (rows + kWorthwhile) / step_cost(costs, rows);
  for (int guesses = 1; guesses <= room; ++guesses) {
    size_t next = offers.size();
    double most = 0;
    for (size_t i = 0; i < offers.size(); ++i) {
      const auto length = static_cast<size_t>(lengths[i]);
      if (length == offers[i].size() || likely[i] * offers[i][length] <= most) continue;
      most = likely[i] * offers[i][length];
      next = i;
    }
    if (next == offers.size()) break;
    likely[next] = most;
    ++lengths[next];
    expected += most;
    const double speed = expected / step_cost(costs, rows + guesses);
    if (speed <= best) continue;
    best = speed;
    best_lengths = lengths;
  }
  return best_lengths;
}

}  // namespace melete::engine
