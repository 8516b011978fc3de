// Reads a stream to its end into one value: for answers that are not streamed, for modes and for
// tests.

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "chat/backend.h"

namespace melete::chat {

struct Choice {
  std::string reasoning;
  std::string text;
  std::vector<ToolCall> tool_calls;
  std::vector<TokenLogprob> logprobs;
  int64_t reasoning_tokens = 0;
  int64_t answer_tokens = 0;
  bool finished = false;
  FinishReason finish_reason = FinishReason::Stopped;
  std::string stop_text{};  // as in Finished
};

// A whole answer. `choices` holds what was written also when `error` is set.
struct Completion {
  std::vector<Choice> choices;  // at least one
  Usage usage;
  std::vector<Decision> decisions;
  std::optional<Report> report;  // where several agents worked
  std::optional<Error> error;
};

// Adds one event to `completion`; events of agents (a non-empty Event::agent) are left out.
void add_event(Completion& completion, const Event& event);

// Reads to the end. `watch`, when given, sees each event first.
awaitable<Completion> collect(Stream& stream, std::function<void(const Event&)> watch = {});

// collect() for code without an event loop: runs one here and blocks until the end.
Completion collect_blocking(Stream& stream, std::function<void(const Event&)> watch = {});

}  // namespace melete::chat
