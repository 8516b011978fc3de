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

// The votes that a rival needs beyond the leader's to take the lead, when the leader gets no more:
// a tie goes to the earlier answer.
int Ballot::head_start(size_t rival) const {
  const size_t first = leading();
  return counts_[first].votes - counts_[rival].votes + (rival < first ? 0 : 1);
}

bool Ballot::can_be_overtaken(int agents_left) const {
  const size_t first = leading();
  if (agents_left > counts_[first].votes) return true;  // by an answer that nobody gave yet
  for (size_t i = 0; i < counts_.size(); ++i) {
    if (i != first && agents_left >= head_start(i)) return true;
  }
  return false;
}

bool Ballot::decided(int agents_left) const {
  constexpr int kLeastVotes = 2;  // one vote is no agreement
  if (!can_be_tied(agents_left)) return true;
  if (votes() < kLeastVotes) return false;
  if (!can_be_overtaken(agents_left)) return true;
  if (votes() < options_.min_votes) return false;
  const size_t first = leading();
  int rival = 0;
  int needed = counts_[first].votes + 1;
  for (size_t i = 0; i < counts_.size(); ++i) {
    if (i == first) continue;
    rival = std::max(rival, counts_[i].votes);
    needed = std::min(needed, head_start(i));
  }
  // The rival overtakes with k of the votes to come when k - (agents_left - k) reaches `needed`.
  const int most = (agents_left + needed + 1) / 2 - 1;
  return stay_probability(counts_[first].votes, rival, agents_left, most) >= options_.confidence;
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

double stay_probability(int votes, int rival, int left, int most) {
  const auto log_beta = [](double a, double b) {
    return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
  };
  double sum = 0;
  for (int k = 0; k <= std::min(left, most); ++k) {
    const double ways = -std::log(left + 1.0) - log_beta(k + 1.0, left - k + 1.0);
    sum += std::exp(ways + log_beta(rival + 1.0 + k, votes + 1.0 + left - k) -
                    log_beta(rival + 1.0, votes + 1.0));
  }
  return std::min(sum, 1.0);
}

}  // namespace melete::modes
