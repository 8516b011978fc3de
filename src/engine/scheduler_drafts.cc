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

constexpr size_t kMostGuesses = 7;  // for one answer

}  // namespace

// Adds guesses to a step in which nothing but answers is written; beside a prompt they would only
// delay it. An answer that is read again in slices gets none before its end.
void Scheduler::guess(std::vector<Slice>& slices) {
  if (!options_.speculation || !model_.abilities.truncate || reads_prompts()) return;
  const auto rows = static_cast<int>(slices.size());
  int64_t tokens = 0;
  for (const Slice& slice : slices) tokens += static_cast<int64_t>(slice.count);
  // The context keeps room for so many rows of logits.
  const auto most_rows = static_cast<int64_t>(llama_n_seq_max(model_.context.get()));
  const int64_t room =
      std::min({memory_.pool().unused() - tokens, model_.batch_tokens - tokens, most_rows - rows});
  if (room <= 0) return;

  std::vector<DraftOffer> offers(slices.size());
  for (size_t i = 0; i < slices.size(); ++i) {
    const Slice& slice = slices[i];
    for (const auto& source : slice.job->choices) note_text(*slice.job, *source);
    if (slice.count < slice.choice->pending()) continue;
    const auto left = model_.length.tokens - static_cast<int64_t>(slice.choice->chain.size()) - 1;
    if (left <= 0) continue;
    const auto most = std::min(kMostGuesses, static_cast<size_t>(left));
    slices[i].draft = slice.job->drafts.guess(slice.choice->index, most);
    const Draft& draft = slices[i].draft;
    for (size_t j = 0; j < draft.tokens.size(); ++j) {
      offers[i].push_back(slice.job->draft_odds.of(draft.agreeing + j));
    }
  }
  const std::vector<int> lengths =
      draft_lengths(model_.step_costs, rows, static_cast<int>(room), offers);
  for (size_t i = 0; i < slices.size(); ++i) {
    Draft& draft = slices[i].draft;
    if (lengths[i] == 0 && !draft.tokens.empty())
      slices[i].job->draft_odds.pass_over(draft.agreeing);
    draft.tokens.resize(static_cast<size_t>(lengths[i]));
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
    if (!slice.draft.tokens.empty()) check_draft(slice);
  }
}

// The token after the chain's last entry has been chosen already.
void Scheduler::check_draft(const Slice& slice) {
  Job& job = *slice.job;
  Choice& choice = *slice.choice;
  const std::vector<llama_token>& guesses = slice.draft.tokens;
  size_t kept = 0;
  while (choice.state == ChoiceState::Active && kept < guesses.size() && choice.pending() > 0 &&
         choice.chain.token(choice.filled) == guesses[kept]) {
    ++choice.filled;
    ++kept;
    if (choice.pending() > 0) continue;
    const int row = slice.batch_row + static_cast<int>(kept);
    const Draw draw{&job, &choice, llama_get_logits_ith(model_.context.get(), row)};
    take_token(job, choice, sample(draw));
  }
  job.draft_odds.note(slice.draft.agreeing, static_cast<int>(guesses.size()),
                      static_cast<int>(kept));
  if (gauges_) {
    gauges_->guessed_tokens.add(static_cast<double>(guesses.size()));
    gauges_->kept_tokens.add(static_cast<double>(kept));
  }
  if (choice.state != ChoiceState::Active) return;
  memory_.pool().truncate(choice.sequence, choice.filled, choice.chain.position(choice.filled));
}

}  // namespace melete::engine
