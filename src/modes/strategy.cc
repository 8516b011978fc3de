#include "modes/strategy.h"

#include <algorithm>
#include <array>
#include <utility>

namespace melete::modes {

namespace {

struct Entry {
  std::string_view name;
  const Strategy& (*strategy)();
};

constexpr std::array kRegistry = std::to_array<Entry>({
    {"confidence", confidence_strategy},
    {"merge", merge_strategy},
    {"race", race_strategy},
    {"refine", refine_strategy},
    {"verify", verify_strategy},
    {"vote", vote_strategy},
});

bool same_final(const AgentFinal& left, const AgentFinal& right) {
  if (left.answer && right.answer) return same_answer(*left.answer, *right.answer);
  return left.text == right.text;
}

// The member that best_member() describes among those of `answers`; among all where it is empty.
std::optional<int> best_among(const Standing& standing, const std::vector<Answer>& answers) {
  const auto is_member = [&answers](const AgentFinal& final) {
    if (final.text.empty()) return false;
    return answers.empty() || std::ranges::any_of(answers, [&](const Answer& answer) {
             return final.answer && same_answer(*final.answer, answer);
           });
  };
  const bool weighed = std::ranges::all_of(standing.finals, [&](const AgentFinal& final) {
    return !is_member(final) || !is_complete(final) || final.certainty.has_value();
  });
  const auto rank = [weighed](const AgentFinal& final) {
    const auto length = static_cast<double>(final.tokens);
    if (!is_complete(final)) return std::pair(1, -length);
    return std::pair(0, weighed ? -*final.certainty : length);
  };
  std::optional<int> best;
  for (size_t i = 0; i < standing.finals.size(); ++i) {
    const AgentFinal& final = standing.finals[i];
    if (!is_member(final)) continue;
    if (!best || rank(final) < rank(standing.finals[static_cast<size_t>(*best)])) {
      best = static_cast<int>(i);
    }
  }
  return best;
}

// Those with as many votes as the leader.
std::vector<Answer> leading_answers(const Ballot& ballot) {
  std::vector<Answer> leading;
  const auto leader = ballot.leader();
  if (!leader) return leading;
  for (const Ballot::Count& count : ballot.counts()) {
    if (count.votes == leader->votes) leading.push_back(count.answer);
  }
  return leading;
}

}  // namespace

const Strategy* find_strategy(std::string_view name) {
  if (name.empty()) return &vote_strategy();
  const auto entry = std::ranges::find(kRegistry, name, &Entry::name);
  return entry == kRegistry.end() ? nullptr : &entry->strategy();
}

std::string strategy_names() {
  std::string names;
  for (const Entry& entry : kRegistry) {
    if (!names.empty()) names += ", ";
    names += entry.name;
  }
  return names;
}

int add_final(Standing& standing, AgentFinal final) {
  const bool vote = is_complete(final) && final.answer.has_value();
  standing.finals.push_back(std::move(final));
  return vote ? standing.ballot.add(*standing.finals.back().answer) : 0;
}

void count_incomplete(Standing& standing) {
  for (const AgentFinal& final : standing.finals) {
    if (!is_complete(final) && final.answer) standing.ballot.add(*final.answer);
  }
}

int text_quorum(int agents) {
  return std::max(3, (agents + 1) / 2);
}

int leader_quorum(int agents) {
  return (vote_quorum(agents) + 1) / 2;
}

int vote_quorum(int agents) {
  return std::max(3, (3 * agents + 3) / 4);
}

bool needs_more(const Standing& standing) {
  return standing.reserve > 0 && !is_free_text(standing) && !standing.ballot.agrees();
}

int whole_count(const Standing& standing) {
  return static_cast<int>(std::ranges::count_if(standing.finals, is_whole));
}

bool is_free_text(const Standing& standing) {
  const std::optional<Leader> leader = standing.ballot.leader();
  if (!leader) return true;
  return leader->votes == 1 && 2 * standing.ballot.votes() < whole_count(standing);
}

std::optional<int> best_member(const Standing& standing, const Answer* answer) {
  return best_among(standing, answer ? std::vector{*answer} : std::vector<Answer>{});
}

std::vector<int> distinct_finals(const Standing& standing) {
  const bool any_whole = std::ranges::any_of(standing.finals, is_whole);
  std::vector<int> distinct;
  for (size_t i = 0; i < standing.finals.size(); ++i) {
    const AgentFinal& final = standing.finals[i];
    if (final.text.empty() || (any_whole && !is_complete(final))) continue;
    const bool known = std::ranges::any_of(distinct, [&](int other) {
      return same_final(standing.finals[static_cast<size_t>(other)], final);
    });
    if (known) continue;
    const Answer* answer = final.answer ? &*final.answer : nullptr;
    distinct.push_back(answer ? *best_member(standing, answer) : static_cast<int>(i));
  }
  return distinct;
}

Verdict member_verdict(const Standing& standing, int member, std::string why) {
  Verdict verdict{.kind = Verdict::Kind::Member, .member = member, .why = std::move(why)};
  const auto& answer = standing.finals[static_cast<size_t>(member)].answer;
  if (!answer) return verdict;
  verdict.answer = answer->text;
  for (const Ballot::Count& count : standing.ballot.counts()) {
    if (same_answer(count.answer, *answer)) verdict.votes = count.votes;
  }
  return verdict;
}

Verdict leader_verdict(const Standing& standing, std::string why) {
  const auto member = best_among(standing, leading_answers(standing.ballot));
  if (!member) return {.why = "no agent wrote an answer"};
  return member_verdict(standing, *member, std::move(why));
}

}  // namespace melete::modes
