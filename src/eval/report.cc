#include "eval/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "eval/statistics.h"
#include "modes/answer.h"

namespace melete::eval {
namespace {

using Trials = std::vector<const Trial*>;

// The share of right chains among those with the most frequent answer: 1 or 0, or a part of it
// where answers tie. For a single chain the trial itself.
double majority_right(const Trial& trial) {
  if (trial.chains.empty()) return trial.right ? 1 : 0;
  struct Group {
    modes::Answer answer;
    int votes = 0;
    bool right = false;
  };
  std::vector<Group> groups;
  for (const Chain& chain : trial.chains) {
    if (chain.answer.empty()) continue;
    const modes::Answer answer = modes::make_answer(chain.answer);
    auto group = std::ranges::find_if(
        groups, [&](const Group& known) { return modes::same_answer(known.answer, answer); });
    if (group == groups.end()) group = groups.insert(group, {answer});
    ++group->votes;
    group->right = group->right || chain.right;
  }
  int most = 0;
  for (const Group& group : groups) most = std::max(most, group.votes);
  std::vector<double> right;
  for (const Group& group : groups) {
    if (group.votes == most) right.push_back(group.right ? 1 : 0);
  }
  return mean(right);
}

bool any_right(const Trial& trial) {
  return trial.right || std::ranges::any_of(trial.chains, &Chain::right);
}

template <typename Value>
std::vector<double> values_of(const Trials& trials, Value value) {
  std::vector<double> values;
  for (const Trial* trial : trials) values.push_back(static_cast<double>(value(*trial)));
  return values;
}

double right_of(const Trial& trial) {
  return trial.right ? 1 : 0;
}
double seconds_of(const Trial& trial) {
  return trial.seconds;
}
double tokens_of(const Trial& trial) {
  return static_cast<double>(trial.tokens);
}

std::string ratio_text(const std::vector<double>& own, const std::vector<double>& base) {
  const Interval ratio = paired_ratio(own, base);
  return fmt::format("{:.2f} ({:.2f} to {:.2f})", ratio.value, ratio.low, ratio.high);
}

std::string row(const std::string& arm, const Trials& own, const Trials& base) {
  const auto right = values_of(own, right_of);
  const auto seconds = values_of(own, seconds_of);
  const auto tokens = values_of(own, tokens_of);
  const Interval more = paired_difference(right, values_of(base, right_of));
  return fmt::format(
      "| {} | {:.1f} | {:.1f} | {:.1f} | {:.1f} | {:.1f} | {} | {:.0f} | {} | {:.0f} | {:.0f} | "
      "{:+.1f} ({:+.1f} to {:+.1f}) |\n",
      arm, 100 * mean(right), 100 * mean(values_of(own, majority_right)),
      100 * mean(values_of(own, any_right)), quantile(seconds, 0.5), quantile(seconds, 0.95),
      ratio_text(seconds, values_of(base, seconds_of)), mean(tokens),
      ratio_text(tokens, values_of(base, tokens_of)),
      mean(values_of(own, [](const Trial& trial) { return trial.accepted_tokens; })),
      quantile(values_of(own, [](const Trial& trial) { return trial.peak_cells; }), 0.5),
      100 * more.value, 100 * more.low, 100 * more.high);
}

// The trials of each arm over the items that all arms have answered, in one order.
std::string table(const std::string& title, const std::vector<std::string>& arms,
                  const std::string& against, const Trials& trials) {
  // Two items of one id have different seeds.
  using ItemKey = std::tuple<std::string, std::string, uint32_t>;
  std::map<ItemKey, std::map<std::string, const Trial*>> by_item;
  for (const Trial* trial : trials) {
    by_item[{trial->set, trial->item, trial->seed}][trial->arm] = trial;
  }
  std::map<std::string, Trials> by_arm;
  int items = 0;
  for (const auto& [item, answers] : by_item) {
    if (answers.size() < arms.size()) continue;
    ++items;
    for (const auto& [arm, trial] : answers) by_arm[arm].push_back(trial);
  }
  std::string text = fmt::format("### {}: {} items\n\n", title, items);
  if (items == 0) return text + "No item was answered by every arm yet.\n\n";
  text += fmt::format("Ratios and points are to \"{}\".\n\n", against);
  text +=
      "| arm | right % | majority % | any % | seconds p50 | p95 | seconds ratio | tokens | tokens "
      "ratio | accepted | peak cells | points more |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const std::string& arm : arms) text += row(arm, by_arm[arm], by_arm[against]);
  return text + "\n";
}

}  // namespace

std::string write_report(const std::vector<Trial>& trials, const std::string& against) {
  std::vector<std::string> arms;
  std::map<std::string, Trials> sets;
  Trials all;
  for (const Trial& trial : trials) {
    if (std::ranges::find(arms, trial.arm) == arms.end()) arms.push_back(trial.arm);
    if (!trial.error.empty()) continue;
    sets[trial.set].push_back(&trial);
    all.push_back(&trial);
  }
  if (all.empty()) return "Nothing was answered.\n";
  std::erase_if(arms, [&](const std::string& arm) {
    return std::ranges::none_of(all, [&](const Trial* trial) { return trial->arm == arm; });
  });
  const bool known = std::ranges::find(arms, against) != arms.end();
  const std::string& base = known ? against : arms.front();
  std::string text;
  for (const auto& [set, own] : sets) text += table(set, arms, base, own);
  if (sets.size() > 1) text += table("all", arms, base, all);
  return text;
}

}  // namespace melete::eval
