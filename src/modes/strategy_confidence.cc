// The strategy "confidence": a vote in which an agent that was certain of its answer weighs more
// (CISC, arXiv:2502.06233, with the length-normalised probability of the answer's last tokens, as
// DeepConf's tail, arXiv:2508.15260).
//
// A backend that tells no log-probabilities makes it the plain vote.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "modes/strategy.h"

namespace melete::modes {

namespace {

// Below 1 it sharpens: certainties of one model lie close together. Not tuned.
constexpr double kTemperature = 0.2;

double weight_of(const AgentFinal& final) {
  return std::exp(*final.certainty / kTemperature);
}

bool votes(const AgentFinal& final) {
  return is_whole(final) && final.answer.has_value();
}

class ConfidenceStrategy final : public Strategy {
 public:
  std::optional<std::string> enough(const Standing& standing) const override {
    return vote_strategy().enough(standing);
  }

  Verdict decide(const Standing& standing) const override {
    const std::vector<AgentFinal>& finals = standing.finals;
    const bool known = std::ranges::any_of(finals, votes) &&
                       std::ranges::all_of(finals, [](const AgentFinal& final) {
                         return !votes(final) || final.certainty.has_value();
                       });
    if (!known || is_free_text(standing) || needs_more(standing)) {
      return vote_strategy().decide(standing);
    }
    std::optional<int> best;
    double most = 0;
    for (size_t i = 0; i < finals.size(); ++i) {
      if (!votes(finals[i])) continue;
      const double weight = weight_for(standing, *finals[i].answer);
      const bool surer = best && weight == most &&
                         *finals[i].certainty > *finals[static_cast<size_t>(*best)].certainty;
      if (weight > most || surer) {
        best = static_cast<int>(i);
        most = weight;
      }
    }
    double all = 0;
    for (const AgentFinal& final : finals) all += votes(final) ? weight_of(final) : 0;
    return member_verdict(standing, *best,
                          fmt::format("{:.0f} % of the certainty", 100 * most / all));
  }

 private:
  static double weight_for(const Standing& standing, const Answer& answer) {
    double sum = 0;
    for (const AgentFinal& final : standing.finals) {
      if (votes(final) && same_answer(*final.answer, answer)) sum += weight_of(final);
    }
    return sum;
  }
};

}  // namespace

const Strategy& confidence_strategy() {
  static const ConfidenceStrategy strategy;
  return strategy;
}

}  // namespace melete::modes
