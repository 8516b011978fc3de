// What a backend says while it answers. A stream of events is the only form in which answers
// travel.
//
// Order within one choice: Started, then deltas, then Finished. A Usage event with the totals of
// the whole request comes once, just before the last Finished. Failed ends the whole stream at
// once.

#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "chat/message.h"

namespace melete::chat {

struct TokenLogprob {
  std::string token;  // its bytes; may be a part of a character
  double logprob = 0;
  std::vector<std::pair<std::string, double>> top;  // rivals, most likely first
};

// Tokens of a whole request, all choices and calls together.
struct Usage {
  int64_t prompt_tokens = 0;     // a shared prompt counts once
  int64_t cached_tokens = 0;     // of those, taken from memory
  int64_t reasoning_tokens = 0;  // spent on reasoning, agents included
  int64_t answer_tokens = 0;     // spent on answers, agents included
};

Usage& operator+=(Usage& total, const Usage& more);

enum class FinishReason {
  Stop,       // the model ended its turn, or a stop text was found
  Length,     // a token limit or the context's end
  ToolCalls,  // the model waits for results
  Stopped,    // a Stop control, or another agent decided
  Deadline,   // the time limit
  Filtered,   // a guardrail
};

std::string_view name_of(FinishReason reason);

struct Started {
  int64_t prompt_tokens = 0;
  int64_t cached_tokens = 0;
};

struct ReasoningDelta {
  std::string text;
};

struct TextDelta {
  std::string text;
  std::vector<TokenLogprob> logprobs;  // when asked for
};

// A piece of a tool call as it is written; the whole comes as a ToolCall.
struct ToolCallDelta {
  int index = 0;
  std::string id;    // in the first piece
  std::string name;  // in the first piece
  std::string arguments;
};

struct ApprovalNeeded {
  std::string call_id;
  std::string text;
};

struct MediaDelta {
  std::string mime_type;
  std::string bytes;
};

struct Annotation {
  std::string kind;
  std::string text;
};

// One agent of a mode, as it works.
struct AgentProgress {
  enum class State { Started, Reasoning, Answering, Answered, Ended };
  State state = State::Started;
  int64_t tokens = 0;
  std::string detail;  // the answer when Answered, why when Ended
};

// An answer was counted.
struct Vote {
  std::string answer;
  int votes = 0;
  int agents_left = 0;
};

// How a mode settled on its final answer.
struct Decision {
  std::string strategy;  // e.g. "vote", "merge"
  std::string answer;
  int votes = 0;
  int agents = 0;
  std::string why;
};

struct Finished {
  FinishReason reason = FinishReason::Stop;
};

struct Failed {
  Error error;
};

// Bytes of a provider's own stream, passed through.
struct Raw {
  std::string bytes;
};

using Payload = std::variant<Started, ReasoningDelta, TextDelta, ToolCallDelta, ToolCall,
                             ToolResult, ApprovalNeeded, MediaDelta, Annotation, AgentProgress,
                             Vote, Decision, Usage, Finished, Failed, Raw>;

struct Event {
  int choice = 0;         // which answer
  std::string agent;      // which agent within it, e.g. "3" or "3/1"; empty: the answer itself
  uint64_t sequence = 0;  // position in the run, given by the run
  int tokens = 0;         // tokens that the payload stands for
  Payload payload;
};

}  // namespace melete::chat
