// Who may start: the part of Scheduler that hands out sequences and cells.

#include <algorithm>
#include <utility>

#include "engine/scheduler.h"

namespace melete::engine {

namespace {

// A prompt waits for another that is being read when that will save it at least this many tokens.
constexpr size_t kWorthWaiting = 64;

}  // namespace

std::vector<PrefixSource> Scheduler::running_sources(const std::string& adapter) const {
  std::vector<PrefixSource> sources;
  for (const auto& job : jobs_) {
    if (job->adapter != adapter) continue;
    for (const auto& choice : job->choices) {
      if (choice->state != ChoiceState::Active) continue;
      sources.push_back({&choice->chain, choice->filled, choice->sequence});
    }
  }
  return sources;
}

// Brings back what was set aside, oldest first. Nothing else starts before all of it runs again.
void Scheduler::resume_set_aside() {
  for (const auto& job : jobs_) {
    if (job->paused_since != Instant::max()) continue;
    for (const auto& choice : job->choices) {
      if (choice->state == ChoiceState::SetAside && !resume(*job, *choice)) return;
    }
  }
}

bool Scheduler::resume(Job& job, Choice& choice) {
  if (active_count() >= options_.sequence_limit && !set_aside_unread()) return false;
  const auto restored = static_cast<int64_t>(choice.filled - choice.saved_from);
  const int64_t margin = std::min<int64_t>(options_.slice_tokens, model_.pool_tokens / 8);
  // A picture is read in one piece.
  const MediaSpan* next = choice.chain.media_at(choice.filled);
  const int64_t step = next ? static_cast<int64_t>(next->token_count) : 1;
  while (!memory_.make_room(restored + step + margin)) {
    if (set_aside_unread()) continue;
    if (active_count() > 0) return false;
    break;
  }

  std::optional<llama_seq_id> sequence;
  if (choice.saved_from == 0) {
    sequence = memory_.pool().take();
  } else {
    for (const PrefixSource& source : running_sources(job.adapter)) {
      const size_t common = std::min(source.chain->common_prefix(choice.chain), source.filled);
      if (common < choice.saved_from) continue;
      sequence = memory_.fork(source, choice.saved_from);
      break;
    }
  }
  if (sequence && memory_.pool().load(*sequence, choice.saved, static_cast<size_t>(restored))) {
    choice.sequence = *sequence;
    choice.state = ChoiceState::Active;
  } else {
    // Its siblings are gone and with them the shared beginning: it is read again.
    if (sequence) memory_.release(*sequence);
    choice.filled = 0;
    choice.state = ChoiceState::Waiting;
  }
  choice.saved = {};
  return true;
}

void Scheduler::admit_waiting() {
  int active = active_count();
  for (const auto& job : jobs_) {
    const bool leaderless = std::ranges::none_of(job->choices, [](const auto& choice) {
      return choice->state != ChoiceState::Forking && choice->state != ChoiceState::Ended;
    });
    const bool paused = job->paused_since != Instant::max();
    if (job->ahead && (active > 0 || somebody_waits())) continue;
    for (const auto& choice : job->choices) {
      if (choice->state == ChoiceState::SetAside && !paused) return;
      if (leaderless && choice->state == ChoiceState::Forking) {
        for (const auto& sibling : job->choices) {
          if (sibling->state == ChoiceState::Forking) sibling->state = ChoiceState::Waiting;
        }
      }
      if (choice->state != ChoiceState::Waiting || paused) continue;
      if (active >= options_.sequence_limit) {
        if (!set_aside_unread()) return;
        active = active_count();
      }
      if (better_to_wait(*job, *choice)) continue;
      while (!admit(*job, *choice)) {
        if (!set_aside_unread()) return;
      }
      active = active_count();
    }
  }
}

// True while another choice is reading a prompt that this one begins with as well.
bool Scheduler::better_to_wait(const Job& job, const Choice& choice) const {
  if (!memory_.can_fork()) return false;
  for (const PrefixSource& source : running_sources(job.adapter)) {
    if (source.filled + 1 >= source.chain->size()) continue;
    const size_t common = source.chain->common_prefix(choice.chain);
    if (common >= source.filled + kWorthWaiting) return true;
  }
  return false;
}

bool Scheduler::admit(Job& job, Choice& choice) {
  // A choice that runs alone gets whatever there is: its prompt was checked against the context.
  const bool alone = active_count() == 0;
  const int64_t spare =
      alone ? 0 : std::min<int64_t>(options_.slice_tokens, model_.pool_tokens / 8);
  const std::vector<PrefixSource> sources = running_sources(job.adapter);
  const auto attachment = memory_.attach(choice.chain, job.adapter, sources, spare);
  if (!attachment) return false;
  choice.sequence = attachment->sequence;
  choice.filled = attachment->filled;
  choice.cached = attachment->filled;
  choice.state = ChoiceState::Active;
  announce(job, choice);
  return true;
}

}  // namespace melete::engine
