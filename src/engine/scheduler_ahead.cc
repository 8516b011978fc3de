// Reading ahead: the part of Scheduler for prompts that nobody waits for yet.
//
// The cells that such a prompt leaves are an idle prefix like any other.

#include <algorithm>

#include "engine/scheduler.h"

namespace melete::engine {

// There is a job that somebody waits for.
bool Scheduler::somebody_waits() const {
  return std::ranges::any_of(jobs_, [](const auto& job) { return !job->ahead; });
}

void Scheduler::bound_reading_ahead() {
  auto count = std::ranges::count_if(jobs_, [](const auto& job) { return job->ahead; });
  for (const auto& job : jobs_) {
    if (count <= options_.ahead_limit) return;
    if (!job->ahead) continue;
    finish(*job, *job->choices.front(), chat::FinishReason::Stopped);
    --count;
  }
}

// What was read ahead so far stays as an idle prefix, from which reading goes on later.
void Scheduler::give_way() {
  if (!somebody_waits()) return;
  for (const auto& job : jobs_) {
    Choice& choice = *job->choices.front();
    if (!job->ahead || choice.state != ChoiceState::Active) continue;
    Chain read = choice.chain;
    read.truncate(choice.filled);
    if (choice.filled > 0) {
      memory_.retire(choice.sequence, std::move(read), job->adapter);
    } else {
      memory_.release(choice.sequence);
    }
    choice.filled = 0;
    choice.state = ChoiceState::Waiting;
  }
}

}  // namespace melete::engine
