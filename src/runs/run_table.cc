#include "runs/run_table.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/log.h"

namespace melete::runs {

RunTable::RunTable(RunTableOptions options, const Clock& clock)
    : options_(options), clock_(clock) {}

void RunTable::add(std::shared_ptr<Run> run) {
  constexpr auto kBetweenLooks = std::chrono::seconds(1);
  const Instant now = clock_.now();
  const std::lock_guard lock(mutex_);
  runs_[run->id()] = std::move(run);
  if (now - looked_ < kBetweenLooks) return;
  looked_ = now;
  let_go(now);
}

// Ids sort by the time they were made, so of too many the oldest go.
void RunTable::let_go(Instant now) {
  std::erase_if(runs_, [&](const auto& entry) {
    const auto ended = entry.second->ended_at();
    return ended && now - *ended >= options_.keep;
  });
  auto finished = static_cast<size_t>(std::ranges::count_if(
      runs_, [](const auto& entry) { return entry.second->ended_at().has_value(); }));
  std::erase_if(runs_, [&](const auto& entry) {
    if (finished <= options_.most_finished || !entry.second->ended_at()) return false;
    --finished;
    return true;
  });
}

std::shared_ptr<Run> RunTable::find(std::string_view id, std::string_view owner) const {
  const std::lock_guard lock(mutex_);
  const auto entry = runs_.find(id);
  if (entry == runs_.end() || entry->second->owner() != owner) return nullptr;
  return entry->second;
}

void RunTable::remove(std::string_view id) {
  std::shared_ptr<Run> last;  // ends outside of the lock
  const std::lock_guard lock(mutex_);
  const auto entry = runs_.find(id);
  if (entry == runs_.end()) return;
  last = std::move(entry->second);
  runs_.erase(entry);
}

std::vector<std::shared_ptr<Run>> RunTable::all() const {
  std::vector<std::shared_ptr<Run>> all;
  const std::lock_guard lock(mutex_);
  for (const auto& [id, run] : runs_) all.push_back(run);
  return all;
}

int RunTable::running() const {
  const auto runs = all();
  return static_cast<int>(
      std::ranges::count_if(runs, [](const auto& run) { return run->running(); }));
}

void RunTable::stop_all() {
  for (const auto& run : all()) {
    if (!run->running()) continue;
    const auto stopped = run->control(chat::Stop{});
    if (stopped) continue;
    log_event(LogLevel::Warning, "stop_refused",
              {{"id", run->id()}, {"why", stopped.error().message}});
  }
}

void RunTable::hold_over_all() {
  for (const std::shared_ptr<Run>& run : all()) run->hold_over();
}

}  // namespace melete::runs
