// What becomes of a step's logits: the part of Scheduler that chooses tokens and sends events.

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/scheduler.h"

namespace melete::engine {

using chat::FinishReason;

// The choices whose next token can be chosen now, with siblings that start from the same prompt.
std::vector<Scheduler::Draw> Scheduler::draws_of(const std::vector<Slice>& slices) {
  std::vector<Draw> draws;
  for (const Slice& slice : slices) {
    if (slice.choice->pending() > 0) continue;
    if (slice.job->ahead) {
      finish(*slice.job, *slice.choice, FinishReason::Stop);
      continue;
    }
    const float* logits = llama_get_logits_ith(model_.context.get(), slice.batch_row);
    draws.push_back({slice.job, slice.choice, logits});
    fork_siblings(draws.back(), draws);
  }
  return draws;
}

void Scheduler::fork_siblings(const Draw& leader, std::vector<Draw>& draws) {
  const Draw source = leader;  // `draws` grows below
  for (const auto& sibling : source.job->choices) {
    if (sibling->state != ChoiceState::Forking) continue;
    const bool same = sibling->chain.size() == source.choice->chain.size() &&
                      sibling->chain.common_prefix(source.choice->chain) == sibling->chain.size();
    const bool room = active_count() < options_.sequence_limit;
    const PrefixSource prompt{&source.choice->chain, source.choice->filled,
                              source.choice->sequence};
    const auto sequence = same && room ? memory_.fork(prompt, prompt.filled) : std::nullopt;
    if (!sequence) {
      sibling->state = ChoiceState::Waiting;
      continue;
    }
    sibling->sequence = *sequence;
    sibling->filled = prompt.filled;
    sibling->cached = prompt.filled;
    sibling->state = ChoiceState::Active;
    announce(*source.job, *sibling);
    draws.push_back({source.job, sibling.get(), source.logits});
  }
}

void Scheduler::choose(const std::vector<Draw>& draws) {
  std::vector<llama_token> tokens(draws.size());
  workers_.run(static_cast<int>(draws.size()),
               [&](int index) { tokens[index] = sample(draws[index]); });
  for (size_t index = 0; index < draws.size(); ++index) {
    take_token(*draws[index].job, *draws[index].choice, tokens[index]);
  }
}

// Any thread, for one choice at a time.
llama_token Scheduler::sample(const Draw& draw) {
  const int vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model_.model.get()));
  Choice& choice = *draw.choice;
  if (!choice.writer.needs_text()) return choice.sampler.sample(draw.logits, vocabulary);
  std::vector<float> logits(draw.logits, draw.logits + vocabulary);
  for (const llama_token end : end_tokens_) logits[end] = -std::numeric_limits<float>::infinity();
  return choice.sampler.sample(logits.data(), vocabulary);
}

void Scheduler::take_token(Job& job, Choice& choice, llama_token token) {
  const bool ends_turn = std::ranges::binary_search(end_tokens_, token);
  choice.sampler.accept(token);
  send(job, choice, choice.writer.accept(token, ends_turn, choice.sampler.logprob()));
  if (!ends_turn) choice.chain.append(token);
  if (gauges_) gauges_->written_tokens.add();
  take_forced(job, choice);
}

// Appends what the writer forces; then ends the choice if it is finished or the context is full.
void Scheduler::take_forced(Job& job, Choice& choice) {
  while (const std::optional<llama_token> token = choice.writer.forced_token()) {
    choice.sampler.accept(*token);
    choice.chain.append(*token);
    send(job, choice, choice.writer.accept_forced(*token));
  }
  if (choice.writer.finish_reason()) {
    end_choice(job, choice);
  } else if (choice.chain.size() >= static_cast<size_t>(model_.length.tokens) ||
             choice.pending() == 0) {
    finish(job, choice, FinishReason::Length);
  }
}

void Scheduler::announce(Job& job, Choice& choice) {
  if (std::exchange(choice.announced, true)) return;
  const size_t shared = choice.shared_size;
  const auto own = static_cast<int64_t>(choice.prompt_size - shared);
  const auto cached = static_cast<int64_t>(choice.cached > shared ? choice.cached - shared : 0);
  job.usage.prompt_tokens += own;
  job.usage.cached_tokens += cached;
  if (gauges_) gauges_->cached_tokens.add(static_cast<double>(choice.cached));
  const chat::Started started{static_cast<int64_t>(choice.prompt_size),
                              static_cast<int64_t>(choice.cached)};
  job.link->events.push({.choice = choice.index, .payload = started});
}

void Scheduler::send(Job& job, const Choice& choice, std::vector<AnswerReader::Delta> deltas) {
  for (AnswerReader::Delta& delta : deltas) {
    job.link->events.push(
        {.choice = choice.index, .tokens = delta.tokens, .payload = std::move(delta.payload)});
  }
}

void Scheduler::finish(Job& job, Choice& choice, FinishReason reason) {
  if (choice.state == ChoiceState::Ended) return;
  send(job, choice, choice.writer.finish(reason));
  end_choice(job, choice);
}

// Frees what the choice holds, keeps its prompt for followers, and sends the last events.
void Scheduler::end_choice(Job& job, Choice& choice) {
  if (choice.state == ChoiceState::Ended) return;
  const bool holds_cells = choice.state == ChoiceState::Active;
  choice.state = ChoiceState::Ended;
  choice.saved = {};
  if (options_.speculation && !job.ended()) note_text(job, choice);  // for those that go on
  if (holds_cells) keep_prefix(job, choice);
  job.usage.reasoning_tokens += choice.writer.reasoning_token_count();
  job.usage.answer_tokens += choice.writer.answer_token_count();

  if (job.ended()) job.link->events.push({.choice = choice.index, .payload = job.usage});
  const FinishReason reason = choice.writer.finish_reason().value_or(FinishReason::Stopped);
  job.link->events.push(
      {.choice = choice.index, .payload = chat::Finished{reason, choice.writer.stop_text()}});
  if (job.ended()) {
    job.link->ended = true;
    job.link->events.close();
  }
}

// A lone answer stays whole for the next turn; of several, the last to end leaves their common
// prompt, and so does one that reasoned: later turns see no reasoning, unless tools were called in
// the midst of it.
void Scheduler::keep_prefix(Job& job, Choice& choice) {
  const bool last = std::ranges::none_of(
      job.choices, [](const auto& sibling) { return sibling->state == ChoiceState::Active; });
  size_t kept = last ? choice.filled : 0;
  const int64_t reasoning = choice.writer.reasoning_token_count();
  const bool folds = reasoning > 0 && choice.writer.finish_reason() != FinishReason::ToolCalls;
  if (job.choices.size() > 1 || folds) kept = std::min(kept, choice.prompt_size);
  if (gauges_ && folds) gauges_->folded_tokens.add(static_cast<double>(reasoning));
  const llama_pos end = choice.chain.position(kept);
  const int window = model_.abilities.window_tokens;
  const bool whole =
      kept > 0 && memory_.pool().truncate(choice.sequence, kept, end) &&
      (window == 0 || memory_.pool().reaches_back(choice.sequence, std::max(0, end - window)));
  if (!whole) {
    memory_.release(choice.sequence);
    return;
  }
  choice.chain.truncate(kept);
  memory_.retire(choice.sequence, std::move(choice.chain), job.adapter);
}

void Scheduler::fail_job(Job& job, const Error& error) {
  if (job.link->ended.exchange(true)) return;
  job.link->events.push({.payload = chat::Failed{error}});
  job.link->events.close();
  for (const auto& choice : job.choices) {
    if (choice->state == ChoiceState::Active) memory_.release(choice->sequence);
    choice->state = ChoiceState::Ended;
  }
}

}  // namespace melete::engine
