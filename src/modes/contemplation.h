// One contemplation as it runs: the stream behind ContemplatingBackend.
//
// contemplation.cc holds its life and how it ends, contemplation_agents.cc the rounds of agents,
// contemplation_write.cc what one more call writes where the agents' texts are not enough.

#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "modes/agent_count.h"
#include "modes/agent_run.h"
#include "modes/chain_estimate.h"
#include "modes/mode.h"
#include "modes/running_cost.h"
#include "modes/strategy.h"
#include "modes/stream_set.h"
#include "modes/verification.h"

namespace melete::modes {

struct ContemplationPlan {
  chat::Request turn;  // as agents_turn() made it
  AnswerKind kind = AnswerKind::Any;
  const Strategy* strategy = nullptr;
  std::string strategy_name;
  std::optional<Verification> check;
  AgentCount agents;
  std::map<int, double> step_costs;  // of the model that writes
  uint32_t seed = 0;                 // of the first agent; drafts are shuffled by it too
};

// Goes through its phases in this order, and skips what it does not need:
//   Agents  they run: in waves of the first round, then perhaps in a round of refinement
//   Write   the merge, or one thinking answer where no agent gave any
//   Drain   the answer is told; agents that were stopped tell their usage
//   Over
// Streams of stopped agents are read on behind whatever comes next, so the answer waits for none.
class Contemplation final : public chat::Stream {
 public:
  Contemplation(chat::Backend& thinking, ContemplationPlan plan, ModeOptions options);

  chat::awaitable<std::optional<chat::Event>> next() override;
  Result<void> control(chat::Control control) override;

 private:
  enum class Phase { Agents, Write, Drain, Over };
  enum class Work { Propose, Refine, Merge };

  // A stream below: what it is for and what it costs.
  struct Call {
    Work work = Work::Propose;
    RunningCost cost;
    std::vector<int> agents;  // index in agents_ by choice; empty: the writer's
  };

  // Its life.
  void on_late();
  void hear(StreamSet::Next next);
  void settle();
  void start_draining(chat::Finished finished);
  void finish();
  void fail_with(const Error& error);
  int open(Work work, chat::Request request);
  chat::Request with_time_left(chat::Request request, double share = 1) const;

  // Rounds of agents.
  void start_agents(const chat::Request& turn, int count);
  void set_quorums(int agents);
  void start_refining();
  void hear_agent(int agent, const chat::Event& event);
  void end_agent(int agent, chat::FinishReason reason, std::string why);
  void end_loop(int agent);
  void fail_agents(const Call& call, const Error& error);
  void end_all(std::string_view why);
  void stop_agents(std::string_view why);
  void after_end();
  Instant next_moment() const;
  std::optional<Instant> budget_end() const;
  void add_to_estimate(const AgentRun& agent);

  // What one more call writes.
  void start_writing();
  void hear_writer(chat::Event event);
  void end_writing(const chat::Finished& finished);
  void give_up_writing(const Error& error);
  bool keeps_majority() const;

  // What is told.
  void take_member(const Verdict& verdict);
  void tell_decision(std::string_view strategy, const Verdict& verdict);
  void tell_progress(int agent, chat::AgentProgress progress);
  void tell(chat::Payload payload, int tokens = 0);
  chat::Report report() const;
  chat::Usage usage() const;

  chat::Backend& thinking_;
  const ContemplationPlan plan_;
  const ModeOptions options_;
  const Instant start_;
  StreamSet streams_;
  std::vector<Call> calls_;  // by number of the stream
  std::atomic<Phase> phase_ = Phase::Agents;
  std::atomic<bool> stop_asked_ = false;
  std::deque<chat::Event> waiting_;

  std::vector<AgentRun> agents_;  // of all rounds
  std::optional<chat::Request> refine_turn_;
  Standing standing_;
  std::optional<Standing> first_round_;  // while the second one runs
  ChainEstimate estimate_;
  std::optional<Error> error_;  // the first one of an agent
  std::string stop_why_;        // why agents were ended early
  bool started_told_ = false;
  bool spoken_ = false;  // an agent of this wave has written something
  bool answer_now_sent_ = false;
  Instant wave_start_;
  Instant last_event_;

  Verdict verdict_;
  int writer_ = -1;               // its stream
  std::string written_;           // by the writer
  std::deque<chat::Event> held_;  // of a merge, until the guard has judged it
  chat::Finished finished_;
  Instant drain_end_{};
};

}  // namespace melete::modes
