#include "eval/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "eval/statistics.h"
#include "modes/strategy.h"

namespace melete::eval {
namespace {

struct Rule {
  std::string name;
  std::function<bool(const modes::Standing&)> enough;
  std::function<modes::Verdict(const modes::Standing&)> decide;
};

std::vector<Rule> rules_for(int agents) {
  std::vector<Rule> rules;
  for (const char* name : {"vote", "race"}) {
    const modes::Strategy* strategy = modes::find_strategy(name);
    rules.push_back(
        {name,
         [=](const modes::Standing& standing) { return strategy->enough(standing).has_value(); },
         [=](const modes::Standing& standing) { return strategy->decide(standing); }});
  }
  for (int count = 1; count <= agents; ++count) {
    rules.push_back(
        {count == agents ? "majority of all" : fmt::format("majority of {}", count),
         [=](const modes::Standing& standing) { return std::ssize(standing.finals) >= count; },
         [](const modes::Standing& standing) {
           return modes::leader_verdict(standing, "replayed");
         }});
  }
  return rules;
}

modes::AgentFinal final_of(const Chain& chain, int agent) {
  modes::AgentFinal final{
      .agent = agent, .text = chain.text, .tokens = chain.tokens, .certainty = chain.certainty};
  if (!chain.answer.empty()) final.answer = modes::make_answer(chain.answer);
  if (chain.ended != "stop") final.reason = chat::FinishReason::Length;
  return final;
}

// Whether the answer that the rule takes is right, and what it cost.
struct Outcome {
  bool right = false;
  double steps = 0;
  double tokens = 0;
};

Outcome replay_trial(std::vector<Chain> chains, const Rule& rule) {
  std::ranges::stable_sort(chains, {}, &Chain::tokens);
  std::vector<double> lengths;
  for (const Chain& chain : chains) lengths.push_back(static_cast<double>(chain.tokens));
  const auto agents = static_cast<int>(chains.size());
  modes::Standing standing{.running = agents,
                           .enough_with_leader = modes::leader_quorum(agents),
                           .enough_with_votes = modes::vote_quorum(agents),
                           .enough_texts = modes::text_quorum(agents)};
  double end = 0;
  for (size_t i = 0; i < chains.size(); ++i) {
    end = lengths[i];
    --standing.running;
    modes::add_final(standing, final_of(chains[i], static_cast<int>(i)));
    if (rule.enough(standing)) break;
  }
  modes::Verdict verdict = rule.decide(standing);
  if (verdict.kind != modes::Verdict::Kind::Member) {
    verdict = modes::leader_verdict(standing, "replayed");
  }
  double written = 0;
  double all = 0;
  for (const double length : lengths) {
    written += std::min(length, end);
    all += length;
  }
  const bool any = verdict.kind == modes::Verdict::Kind::Member;
  const auto taken = static_cast<size_t>(any ? standing.finals[verdict.member].agent : 0);
  return {any && chains[taken].right, end / mean(lengths), written / all};
}

}  // namespace

std::vector<Replayed> replay(const std::vector<Trial>& trials, int agents) {
  std::vector<Replayed> replays;
  for (const Rule& rule : rules_for(agents)) {
    Replayed sum{.rule = rule.name};
    for (const Trial& trial : trials) {
      if (std::ssize(trial.chains) < agents) continue;
      const auto end = trial.chains.begin() + agents;
      if (std::any_of(trial.chains.begin(), end, [](const Chain& c) { return c.tokens == 0; })) {
        continue;
      }
      const Outcome outcome = replay_trial({trial.chains.begin(), end}, rule);
      ++sum.trials;
      sum.right += outcome.right ? 1 : 0;
      sum.steps += outcome.steps;
      sum.tokens += outcome.tokens;
    }
    if (sum.trials == 0) continue;
    sum.right /= sum.trials;
    sum.steps /= sum.trials;
    sum.tokens /= sum.trials;
    replays.push_back(sum);
  }
  return replays;
}

std::string write_replays(const std::vector<Replayed>& replays) {
  std::string text =
      "| rule | trials | right % | steps, in mean chains | tokens % |\n|---|---|---|---|---|\n";
  for (const Replayed& rule : replays) {
    text += fmt::format("| {} | {} | {:.1f} | {:.2f} | {:.0f} |\n", rule.rule, rule.trials,
                        100 * rule.right, rule.steps, 100 * rule.tokens);
  }
  return text;
}

}  // namespace melete::eval
