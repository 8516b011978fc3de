// What a step computes: the part of Scheduler that fills a batch, makes room for it and decodes it.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ranges>
#include <tuple>
#include <utility>

#include "engine/scheduler.h"

namespace melete::engine {

using chat::FinishReason;

namespace {

constexpr double kSmallestSlice = 32;                // tokens; fewer would waste most of a step
constexpr size_t kAheadSlice = 64;                   // tokens; whoever comes waits for no more
constexpr auto kPatience = std::chrono::seconds(1);  // with a reader that does not read

bool takes_part(const Job& job, const Choice& choice) {
  return choice.state == ChoiceState::Active && job.paused_since == Instant::max();
}

bool is_unread(const Job& job) {
  return job.paused_since != Instant::max() && system_clock().now() - job.paused_since > kPatience;
}

bool is_writing(const Choice& choice) {
  return choice.pending() == 1 && choice.chain.media_at(choice.filled) == nullptr;
}

// Prompt tokens that a choice could read now: up to its next picture or sound.
size_t readable(const Choice& choice) {
  return std::min(choice.pending(), choice.chain.next_media(choice.filled) - choice.filled);
}

}  // namespace

// Deals a step's prompt tokens: half to the oldest prompt, so that it gets on, the rest to those
// that are soonest read, so that a short question need not wait behind a long one.
void Scheduler::deal(std::vector<Slice>& prompts, size_t budget) {
  if (prompts.empty()) return;
  Slice& oldest = prompts.front();
  const size_t oldest_share = std::min(readable(*oldest.choice), (budget + 1) / 2);
  budget -= oldest_share;
  std::vector<Slice*> others;
  for (Slice& prompt : prompts | std::views::drop(1)) others.push_back(&prompt);
  std::ranges::stable_sort(others, {},
                           [](const auto* prompt) { return prompt->choice->pending(); });
  for (Slice* prompt : others) {
    prompt->count = std::min(readable(*prompt->choice), budget);
    budget -= prompt->count;
  }
  oldest.count = std::min(readable(*oldest.choice), oldest_share + budget);
  std::erase_if(prompts, [](const Slice& prompt) { return prompt.count == 0; });
}

// Some answer is being written: nothing should hold up its next token for long.
bool Scheduler::somebody_writes() const {
  for (const auto& job : jobs_) {
    for (const auto& choice : job->choices) {
      if (takes_part(*job, *choice) && is_writing(*choice)) return true;
    }
  }
  return false;
}

std::vector<Scheduler::Slice> Scheduler::plan() const {
  for (const std::string_view adapter : turns_.order()) {
    std::vector<Slice> slices = plan(adapter);
    if (!slices.empty()) return slices;
  }
  return {};
}

// Of the answers with this adapter: one token for each choice that writes, then a slice of the
// prompts.
std::vector<Scheduler::Slice> Scheduler::plan(std::string_view adapter) const {
  std::vector<Slice> slices;
  std::vector<Slice> prompts;
  for (const auto& job : jobs_) {
    if (job->adapter != adapter) continue;
    for (const auto& choice : job->choices) {
      if (!takes_part(*job, *choice)) continue;
      if (is_writing(*choice)) {
        slices.push_back({job.get(), choice.get(), 1});
      } else {
        prompts.push_back({job.get(), choice.get()});
      }
    }
  }
  const auto most = somebody_waits() ? static_cast<size_t>(model_.batch_tokens) : kAheadSlice;
  deal(prompts, somebody_writes() ? slice_tokens_ : most);
  slices.insert(slices.end(), prompts.begin(), prompts.end());
  return slices;
}

// False when the plan no longer holds because a choice was set aside or ended for it.
bool Scheduler::make_room_for(const std::vector<Slice>& slices) {
  int64_t needed = 0;
  for (const Slice& slice : slices) needed += static_cast<int64_t>(slice.count);
  if (memory_.make_room(needed)) return true;
  if (!set_aside_youngest())
    finish(*slices.front().job, *slices.front().choice, FinishReason::Length);
  return false;
}

// False when only one choice holds cells: there is nobody else to make room.
bool Scheduler::set_aside_youngest() {
  Job* victim_job = nullptr;
  Choice* victim = nullptr;
  const auto rank = [](const Job& job, const Choice& choice) {
    return std::tuple(is_unread(job), job.number, choice.index);
  };
  int active = 0;
  for (const auto& job : jobs_) {
    for (const auto& choice : job->choices) {
      if (choice->state != ChoiceState::Active) continue;
      ++active;
      if (victim && rank(*job, *choice) < rank(*victim_job, *victim)) continue;
      victim_job = job.get();
      victim = choice.get();
    }
  }
  if (active < 2) return false;
  set_aside(*victim);
  return true;
}

// Makes room for those who wait by setting aside an answer that nobody reads. False when there is
// none.
bool Scheduler::set_aside_unread() {
  for (const auto& job : jobs_) {
    if (!is_unread(*job)) continue;
    for (const auto& choice : job->choices) {
      if (choice->state != ChoiceState::Active) continue;
      set_aside(*choice);
      return true;
    }
  }
  return false;
}

void Scheduler::set_aside(Choice& choice) {
  const size_t start = memory_.private_start(choice.sequence);
  const int64_t room = options_.saved_byte_limit - saved_byte_count();
  std::vector<uint8_t> cells;
  if (start < choice.filled && room > 0) {
    cells = memory_.pool().save(choice.sequence, choice.chain.position(start));
  }
  if (!cells.empty() && static_cast<int64_t>(cells.size()) <= room) {
    choice.saved_from = start;
    choice.saved = std::move(cells);
    choice.state = ChoiceState::SetAside;
  } else {
    choice.filled = 0;
    choice.state = ChoiceState::Waiting;
  }
  memory_.release(choice.sequence);
  if (gauges_) gauges_->set_aside.add();
}

int64_t Scheduler::saved_byte_count() const {
  int64_t count = 0;
  for (const auto& job : jobs_) {
    for (const auto& choice : job->choices) count += static_cast<int64_t>(choice->saved.size());
  }
  return count;
}

// Reads one picture or sound that some prompt has come to. True when there was one.
bool Scheduler::read_media() {
  for (const auto& job : jobs_) {
    for (const auto& choice : job->choices) {
      if (!takes_part(*job, *choice) || choice->pending() == 0) continue;
      const MediaSpan* span = choice->chain.media_at(choice->filled);
      if (span == nullptr) continue;
      read_media(*job, *choice, *span);
      return true;
    }
  }
  return false;
}

void Scheduler::read_media(Job& job, Choice& choice, const MediaSpan& span) {
  while (!memory_.make_room(static_cast<int64_t>(span.token_count))) {
    if (!set_aside_youngest()) return finish(job, choice, FinishReason::Length);
    if (choice.state != ChoiceState::Active) return;  // it comes back when there is room
  }
  const ComputeThreads::Turn turn(*model_.compute);
  apply_adapter(job.adapter);
  const Result<int> position =
      model_.media->decode(model_.context.get(), span, span.embeddings->data(),
                           choice.chain.position(choice.filled), choice.sequence);
  if (!position) {
    fail_job(job, position.error());
    return;
  }
  memory_.pool().extend(choice.sequence, span.token_count);
  choice.filled += span.token_count;
  if (gauges_) gauges_->prompt_tokens.add(static_cast<double>(span.token_count));
}

// Attention makes the later slices of a long prompt dearer than its first, so they get smaller.
void Scheduler::fit_slice(const std::vector<Slice>& slices, Seconds time) {
  size_t written = 0;
  size_t read = 0;
  for (const Slice& slice : slices) (slice.count == 1 ? written : read) += slice.count;
  if (read == 0 || (written == 0 && !somebody_writes())) return;
  const double fitting = static_cast<double>(read) * (Seconds(options_.slice_time) / time);
  const auto most = static_cast<double>(options_.slice_tokens);
  slice_tokens_ = static_cast<size_t>(std::clamp(fitting, std::min(kSmallestSlice, most), most));
}

int Scheduler::compute(const std::string& adapter) {
  const ComputeThreads::Turn turn(*model_.compute);
  apply_adapter(adapter);
  const int status = llama_decode(model_.context.get(), batch_);
  llama_synchronize(model_.context.get());
  return status;
}

// From now on the context computes with this adapter. Free where it does so already.
void Scheduler::apply_adapter(const std::string& name) {
  if (name == adapter_) return;
  const auto found = std::ranges::find(model_.adapters, name, &LoadedAdapter::name);
  if (found == model_.adapters.end()) {
    llama_set_adapters_lora(model_.context.get(), nullptr, 0, nullptr);
  } else {
    llama_adapter_lora* lora = found->lora.get();
    float scale = 1;  // beside the file's own
    llama_set_adapters_lora(model_.context.get(), &lora, 1, &scale);
  }
  adapter_ = name;
}

bool Scheduler::decode(std::vector<Slice>& slices) {
  batch_.n_tokens = 0;
  for (Slice& slice : slices) {
    Choice& choice = *slice.choice;
    for (size_t index = choice.filled; index < choice.filled + slice.count; ++index) {
      const int row = batch_.n_tokens++;
      batch_.token[row] = choice.chain.token(index);
      batch_.pos[row] = choice.chain.position(index);
      batch_.n_seq_id[row] = 1;
      batch_.seq_id[row][0] = choice.sequence;
      batch_.logits[row] = index + 1 == choice.chain.size();
      slice.batch_row = row;
    }
    for (size_t index = 0; index < slice.draft.tokens.size(); ++index) {
      const int row = batch_.n_tokens++;
      batch_.token[row] = slice.draft.tokens[index];
      batch_.pos[row] = choice.chain.position(choice.chain.size()) + static_cast<llama_pos>(index);
      batch_.n_seq_id[row] = 1;
      batch_.seq_id[row][0] = choice.sequence;
      batch_.logits[row] = true;
    }
  }
  const Instant start = system_clock().now();
  const std::string& adapter = slices.front().job->adapter;
  const int status = compute(adapter);
  if (status == 1 && set_aside_youngest()) return false;
  if (status != 0) {
    for (const Slice& slice : slices) {
      fail_job(
          *slice.job,
          Error{ErrorCode::Internal,
                fmt::format("The model could not compute a step (llama.cpp's code {}).", status),
                {}});
    }
    return false;
  }
  const Seconds time = system_clock().now() - start;
  fit_slice(slices, time);
  turns_.note(adapter, time);
  for (const Slice& slice : slices) {
    Choice& choice = *slice.choice;
    memory_.pool().extend(choice.sequence, slice.count + slice.draft.tokens.size());
    choice.filled += slice.count;
    const bool prompt = choice.filled <= choice.prompt_size;
    if (gauges_ && prompt) gauges_->prompt_tokens.add(static_cast<double>(slice.count));
  }
  note_peak();
  if (gauges_) gauges_->steps.add();
  return true;
}

void Scheduler::note_peak() {
  for (const auto& job : jobs_) {
    job->usage.peak_cells = std::max(job->usage.peak_cells, memory_.pool().used());
  }
}

}  // namespace melete::engine
