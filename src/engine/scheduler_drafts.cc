// Speculation: the part of Scheduler that guesses tokens and keeps those that come true.
//
// A step for several tokens costs little more than one for a single token, so a step also carries
// guesses of what an answer writes next. Each is kept when it is what the sampler chooses from the
// row before it, which is what would have been chosen without guessing: the same random numbers are
// drawn for the same rows. The cells of the others are removed at once.

#include <algorithm>

#include "engine/scheduler.h"

namespace melete::engine {

namespace {

// Answers at once beside which guesses still gain: four lose a tenth by them
// (bench/speculation.cc).
constexpr size_t kMostAnswers = 2;

}  // namespace

// Adds guesses to a step in which nothing but answers is written; beside a prompt they would only
// delay it.
void Scheduler::guess(std::vector<Slice>& slices) {
  if (!options_.speculation || !model_.abilities.truncate || reads_prompts()) return;
  if (slices.size() > kMostAnswers) return;
  auto rows = static_cast<int>(slices.size());
  // The context keeps room for so many rows of logits.
  const auto most_rows = static_cast<int64_t>(llama_n_seq_max(model_.context.get()));
  for (Slice& slice : slices) {
    Job& job = *slice.job;
    Choice& choice = *slice.choice;
    const auto left = model_.length.tokens - static_cast<int64_t>(choice.chain.size()) - 1;
    const int64_t room = std::min({left, memory_.pool().unused() - rows, most_rows - rows});
    const int64_t wanted =
        std::min<int64_t>(choice.draft_pace.length(model_.step_costs, rows), room);
    if (wanted <= 0) continue;
    for (const auto& source : job.choices) note_text(job, *source);
    slice.draft = job.drafts.guess(choice.index, static_cast<size_t>(wanted));
    rows += static_cast<int>(slice.draft.size());
  }
}

// Siblings have one prompt: of the others the end of it is enough.
void Scheduler::note_text(Job& job, const Choice& choice) {
  const size_t end = std::max(choice.prompt_size, DraftIndex::kGramTokens);
  job.drafts.read(choice.index, choice.chain,
                  choice.index == 0 ? 0 : end - DraftIndex::kGramTokens);
}

void Scheduler::check_drafts(const std::vector<Slice>& slices) {
  for (const Slice& slice : slices) {
    if (!slice.draft.empty()) check_draft(slice);
  }
}

// The token after the chain's last entry has been chosen already.
void Scheduler::check_draft(const Slice& slice) {
  Job& job = *slice.job;
  Choice& choice = *slice.choice;
  size_t kept = 0;
  while (choice.state == ChoiceState::Active && kept < slice.draft.size() && choice.pending() > 0 &&
         choice.chain.token(choice.filled) == slice.draft[kept]) {
    ++choice.filled;
    ++kept;
    if (choice.pending() > 0) continue;
    const int row = slice.batch_row + static_cast<int>(kept);
    const Draw draw{&job, &choice, llama_get_logits_ith(model_.context.get(), row)};
    take_token(job, choice, sample(draw));
  }
  choice.draft_pace.note(static_cast<int>(slice.draft.size()), static_cast<int>(kept));
  if (gauges_) {
    gauges_->guessed_tokens.add(static_cast<double>(slice.draft.size()));
    gauges_->kept_tokens.add(static_cast<double>(kept));
  }
  if (choice.state != ChoiceState::Active) return;
  memory_.pool().truncate(choice.sequence, choice.filled, choice.chain.position(choice.filled));
}

}  // namespace melete::engine
