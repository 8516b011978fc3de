// Contemplating: several agents think about one question in parallel, and their answers become one.
//
// All agents are branches of a single request where the backend can, so they share one prompt. They
// vote as they finish; once the outcome is clear the others are ended. A clear majority's most
// certain chain is the answer, without a further token, and so is the most certain of all where
// answers are split; free text is merged by one more call. Other strategies are in strategy.h.

#pragma once

#include "modes/mode.h"

namespace melete::modes {

// Rules of a request:
// - Agents are counted as agent_count.h says. One agent is Thinking.
// - One answer only: more than one branch is InvalidArgument naming `n`.
// - An unknown strategy is InvalidArgument naming `strategy`, and so is a check beside another
//   strategy than "verify", which a check makes the default. "verify" without a check takes the
//   schema of the response; without that it is InvalidArgument naming `verify`.
// - With tools that may be called, it is Thinking: agents would repeat each other's calls and their
//   effects.
// - Agents need variety: a temperature below 0.6 is raised to it for them, not for the merge. Each
//   has a seed of its own, counted on from the request's.
// - A question for a number or a choice gets a line that asks to end with "Answer: ...".
// - Agents are ended once the strategy has enough answers, when they have taken
//   ModeOptions::time_budget times as long as a chain is predicted to, or when they loop.
// - Limits::deadline: agents are told to answer at 60 % of it and end at 90 %; what they have then
//   decides, without a merge.
//
// Events: the agents' AgentProgress and Vote carry Event::agent "1" to "N", in a round of
// refinement again from "1"; the answer is choice 0 with an empty agent: Started, Decision,
// ReasoningDelta, TextDelta, Report, Usage (of all calls), Finished. The answer begins as soon as
// the decision has fallen, whatever still runs. Where the merge gives way to a majority or fails,
// another Decision says so. An agent that fails or hangs leaves the decision to the others; when
// all fail without an answer, it is Failed. Controls: Stop ends with what there is, AnswerNow and
// SetBudget go to all agents that run.
//
// `thinking` (a ThinkingBackend, which each agent is a choice of) and the options' timer outlive
// it.
class ContemplatingBackend final : public chat::Backend {
 public:
  ContemplatingBackend(chat::Backend& thinking, ModeOptions options)
      : thinking_(thinking), options_(options) {}

  Result<chat::BackendInfo> info(const std::string& model) const override;
  Result<int64_t> count(const chat::Request& request) const override;
  std::unique_ptr<chat::Stream> start(chat::Request request) override;

 private:
  chat::Backend& thinking_;
  const ModeOptions options_;
};

}  // namespace melete::modes
