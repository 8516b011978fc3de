#include "modes/ballot.h"

#include <algorithm>
#include <cmath>

namespace melete::modes {

int Ballot::add(const Answer& answer) {
  const auto known = std::ranges::find_if(
      counts_, [&](const Count& count) { return same_answer(count.answer, answer); });
  if (known != counts_.end()) return ++known->votes;
  counts_.push_back({answer, 1});
  return 1;
}

int Ballot::votes() const {
  int total = 0;
  for (const Count& count : counts_) total += count.votes;
  return total;
}

size_t Ballot::leading() const {
  return static_cast<size_t>(std::ranges::max_element(counts_, {}, &Count::votes) -
                             counts_.begin());
}

std::optional<Leader> Ballot::leader() const {
  if (counts_.empty()) return std::nullopt;
  const size_t first = leading();
  Leader leader{.answer = counts_[first].answer, .votes = counts_[first].votes};
  for (size_t i = 0; i < counts_.size(); ++i) {
    if (i != first) leader.runner_up = std::max(leader.runner_up, counts_[i].votes);
  }
  leader.tied = leader.runner_up == leader.votes;
  return leader;
}

bool Ballot::can_be_tied(int agents_left) const {
  const auto lead = leader();
  return !lead || lead->runner_up + agents_left >= lead->votes;
}

// A tie goes to the earlier answer, so a later rival needs one vote more than the leader has.
bool Ballot::can_be_overtaken(int agents_left) const {
  const size_t first = leading();
  const int best = counts_[first].votes;
  if (agents_left > best) return true;
  for (size_t i = 0; i < counts_.size(); ++i) {
    const int reach = counts_[i].votes + agents_left;
    if (i < first ? reach >= best : i > first && reach > best) return true;
  }
  return false;
}

bool Ballot::decided(int agents_left) const {
  if (!can_be_tied(agents_left)) return true;
  if (votes() < options_.min_votes) return false;
  if (!can_be_overtaken(agents_left)) return true;
  const Leader lead = *leader();
  return lead_probability(lead.votes, lead.runner_up) >= options_.confidence;
}

bool Ballot::agrees() const {
  const auto lead = leader();
  return lead && lead_probability(lead->votes, lead->runner_up) >= options_.agreement;
}

// With whole parameters the Beta tail is a binomial sum: P(p > 1/2) = P(Bin(votes + rival + 1, 1/2)
// <= votes).
double lead_probability(int votes, int rival) {
  const int trials = votes + rival + 1;
  double sum = 0;
  for (int k = 0; k <= votes; ++k) {
    sum += std::exp(std::lgamma(trials + 1.0) - std::lgamma(k + 1.0) -
                    std::lgamma(trials - k + 1.0) - trials * std::log(2.0));
  }
  return std::min(sum, 1.0);
}

}  // namespace melete::modes
