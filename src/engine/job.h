// One request inside the engine: its choices, and what its stream shares with the engine thread.

#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "chat/backend.h"
#include "chat/event_queue.h"
#include "engine/chain.h"
#include "engine/choice_writer.h"
#include "engine/draft_index.h"
#include "engine/draft_pace.h"
#include "engine/sampler.h"

namespace melete::engine {

// What the reader's stream and the engine thread both hold; whichever goes last frees it.
//
// Thread-safe.
class JobLink {
 public:
  chat::EventQueue events;

  // The reader went away: end the job at the next step.
  std::atomic<bool> abandoned = false;
  // The last event was pushed.
  std::atomic<bool> ended = false;

  void push_control(chat::Control control) {
    const std::lock_guard lock(mutex_);
    controls_.push_back(std::move(control));
  }

  std::vector<chat::Control> take_controls() {
    const std::lock_guard lock(mutex_);
    return std::exchange(controls_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<chat::Control> controls_;  // guarded by mutex_
};

enum class ChoiceState {
  Waiting,   // has no sequence yet
  Forking,   // waits for the job's first choice to read the prompt that both share
  Active,    // has a sequence; its cells hold the first `filled` entries of the chain
  SetAside,  // its private cells were saved to make room
  Ended,
};

// One answer in the making.
//
// Invariants: `sequence` is valid exactly while Active. An Active choice has filled < chain.size():
// one entry to decode while it writes, more while it still reads its prompt.
struct Choice {
  Choice(int index, Chain prompt, Sampler sampler, ChoiceWriter writer)
      : index(index),
        prompt_size(prompt.size()),
        chain(std::move(prompt)),
        sampler(std::move(sampler)),
        writer(std::move(writer)) {}

  size_t pending() const { return chain.size() - filled; }

  int index;
  size_t prompt_size;
  size_t shared_size = 0;  // leading entries of the prompt that the job's first choice has, too
  Chain chain;             // prompt and what was written
  Sampler sampler;
  ChoiceWriter writer;

  ChoiceState state = ChoiceState::Waiting;
  llama_seq_id sequence = -1;
  size_t filled = 0;
  size_t cached = 0;       // entries taken from memory at the start
  bool announced = false;  // Started was sent

  std::vector<uint8_t> saved;  // while SetAside: the cells from `saved_from` to `filled`
  size_t saved_from = 0;
};

// Owned by the engine thread once submitted.
struct Job {
  uint64_t number = 0;  // in order of arrival; the highest is the youngest
  std::shared_ptr<JobLink> link;
  std::vector<std::unique_ptr<Choice>> choices;
  std::string adapter;  // empty: the base model alone
  std::optional<Instant> deadline;
  Instant paused_since = Instant::max();  // while its reader does not read
  chat::Usage usage;
  DraftIndex drafts;     // of its choices' texts, by Choice::index
  DraftOdds draft_odds;  // of those guesses
  bool ahead = false;    // only its prompt is read, while nobody waits for anything

  bool ended() const {
    for (const auto& choice : choices) {
      if (choice->state != ChoiceState::Ended) return false;
    }
    return true;
  }
};

}  // namespace melete::engine
