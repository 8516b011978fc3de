#include "eval/evaluation.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>

#include "base/file_content.h"
#include "eval/run_trial.h"

namespace melete::eval {
namespace {

constexpr uint32_t kSeedStep = 1000;  // more than any arm has samples

using Key = std::tuple<std::string, std::string, std::string, std::string, uint32_t>;

Key key_of(const Trial& trial) {
  return {trial.set, trial.item, trial.arm, trial.setup, trial.seed};
}

// One arm's turn at one item.
struct Turn {
  const ItemSet* set;
  const Item* item;
  const Arm* arm;
  uint32_t seed;

  Key key(std::string_view setup) const {
    return {set->name, item->id, arm->name, std::string(setup), seed};
  }

  // What has been answered already; null where nothing has.
  const Trial* in(const std::map<Key, Trial>& done) const {
    auto found = done.find(key(arm->setup));
    if (found == done.end()) found = done.find(key(kAnySetup));
    return found == done.end() ? nullptr : &found->second;
  }
};

std::vector<Turn> turns_of(const Evaluation& evaluation) {
  std::vector<Turn> turns;
  size_t most = 0;
  for (const ItemSet& set : evaluation.sets) most = std::max(most, set.items.size());
  // Sets alternate too: a run that is cut off has something of each.
  for (size_t i = 0; i < most; ++i) {
    for (const ItemSet& set : evaluation.sets) {
      if (i >= set.items.size()) continue;
      const uint32_t seed = evaluation.seed + kSeedStep * static_cast<uint32_t>(i);
      for (size_t arm = 0; arm < evaluation.arms.size(); ++arm) {
        const Arm& chosen = evaluation.arms[(i + arm) % evaluation.arms.size()];
        turns.push_back({&set, &set.items[i], &chosen, seed});
      }
    }
  }
  return turns;
}

// Cuts off what a killed program left of a last line, so that the next trial begins a line. A last
// trial that only lacks its line's end is kept.
void mend_end(const std::string& path) {
  const std::string content = file_content(path).value_or("");
  if (content.empty() || content.ends_with('\n')) return;
  const size_t begin = content.rfind('\n') + 1;
  if (read_trial(content.substr(begin))) {
    std::ofstream(path, std::ios::app) << '\n';
  } else {
    std::error_code ignored;  // then nothing can be added either, which is told
    std::filesystem::resize_file(path, begin, ignored);
  }
}

}  // namespace

Result<std::vector<Trial>> evaluate(const Evaluation& evaluation, const Clock& clock,
                                    const std::function<bool(const EvaluationStep&)>& watch) {
  auto kept = read_trials(evaluation.results);
  if (!kept) return std::unexpected(kept.error());
  mend_end(evaluation.results);
  std::map<Key, Trial> done;
  for (Trial& trial : *kept) {
    if (trial.error.empty()) done[key_of(trial)] = std::move(trial);
  }
  std::ofstream file(evaluation.results, std::ios::app);
  const std::vector<Turn> turns = turns_of(evaluation);
  EvaluationStep step{.all = static_cast<int>(turns.size())};
  for (const Turn& turn : turns) step.done += turn.in(done) ? 1 : 0;

  std::vector<Trial> trials;
  bool running = true;
  for (const Turn& turn : turns) {
    if (const Trial* known = turn.in(done)) {
      trials.push_back(*known);
      continue;
    }
    if (!running) continue;
    chat::Backend& server = *evaluation.servers.at(turn.arm->server);
    Trial trial = run_trial(*turn.arm, *turn.item, server, turn.seed, clock);
    trial.set = turn.set->name;
    trial.setup = turn.arm->setup;
    trial.machine = evaluation.machine;
    file << write_trial(trial) << std::endl;
    if (!file) {
      return fail(ErrorCode::StorageFull,
                  fmt::format("{} cannot be written: check the folder and the space left",
                              evaluation.results),
                  evaluation.results);
    }
    ++step.done;
    step.trial = &trial;
    running = watch(step);
    trials.push_back(std::move(trial));
  }
  return trials;
}

}  // namespace melete::eval
