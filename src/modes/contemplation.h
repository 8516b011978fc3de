// One contemplation as it runs: the stream behind ContemplatingBackend.

#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "modes/answer_extraction.h"
#include "modes/inner_stream.h"
#include "modes/mode.h"
#include "modes/running_cost.h"
#include "modes/strategy.h"

namespace melete::modes {

struct ContemplationPlan {
  chat::Request turn;  // as agents_turn() made it
  AnswerKind kind = AnswerKind::Any;
  const Strategy* strategy = nullptr;
  int agents = 0;     // at least 2
  uint32_t seed = 0;  // of the first agent; the merge shuffles by it too
};

// Goes through its phases in this order, and skips what it does not need:
//   Propose  the agents run
//   Drain    they have been stopped; their stream tells its usage and frees its memory
//   Write    the merge, or one thinking answer where no agent gave any
//   Over
class Contemplation final : public chat::Stream {
 public:
  Contemplation(chat::Backend& thinking, ContemplationPlan plan, ModeOptions options);

  chat::awaitable<std::optional<chat::Event>> next() override;
  Result<void> control(chat::Control control) override;

 private:
  enum class Phase { Propose, Drain, Write, Over };

  struct Agent {
    std::string reasoning;
    std::string text;
    int64_t reasoning_tokens = 0;
    int64_t tokens = 0;
    int64_t reported = 0;  // tokens at the last progress event
    bool ended = false;
  };

  // Propose.
  chat::awaitable<void> propose();
  Instant next_moment() const;
  void on_silence();
  void on_agent_event(chat::Event event);
  void on_agent_delta(int agent, const chat::Event& event);
  void end_agent(int agent, chat::FinishReason reason);
  void on_agents_failed(const Error& error);
  void stop_agents(std::string_view why);
  void settle();

  // Drain.
  chat::awaitable<void> drain();

  // Write.
  void start_writing();
  chat::awaitable<void> write();
  void on_written(chat::FinishReason reason);
  void give_up_writing(const Error& error);

  // The answer.
  void take_member(const Verdict& verdict);
  void tell_decision(std::string_view strategy, const Verdict& verdict);
  void tell_progress(int agent, chat::AgentProgress::State state, std::string detail = {});
  void tell(chat::Payload payload, int tokens = 0);
  void finish(chat::FinishReason reason);
  void fail_with(const Error& error);

  void open(chat::Request request);
  void close();
  bool keeps_majority() const;
  chat::Request with_time_left(chat::Request request) const;

  chat::Backend& thinking_;
  const ContemplationPlan plan_;
  const ModeOptions options_;
  const Instant start_;
  InnerStream inner_;
  std::atomic<Phase> phase_ = Phase::Propose;
  std::atomic<bool> stop_asked_ = false;
  std::deque<chat::Event> waiting_;

  std::vector<Agent> agents_;
  Standing standing_;
  Verdict verdict_;
  bool started_told_ = false;
  bool answer_now_sent_ = false;
  Instant last_event_;
  Instant drain_end_{};
  chat::FinishReason member_reason_ = chat::FinishReason::Stop;

  std::string written_;           // by the merge or the single answer
  std::deque<chat::Event> held_;  // of the merge, until the guard has judged it

  RunningCost cost_;
};

}  // namespace melete::modes
