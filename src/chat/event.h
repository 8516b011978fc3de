// What a backend says while it answers. A stream of events is the only form in which answers
// travel.
//
// Order within one choice: Started, then deltas, then Finished. A Usage event with the totals of
// the whole request comes once, just before the last Finished. Failed ends the whole stream at
// once.

#pragma once

#include <cstdint>
#include <optional>
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
  int64_t saved_tokens = 0;      // of reasoning, by a compressed adapter; an estimate; 0: unknown
  int64_t peak_cells = 0;        // most KV cells that the model had in use meanwhile; 0: unknown
};

// Adds the tokens; of the peaks the higher one counts.
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
  std::string kind;  // "compaction": the text is a summary that stands for what was said before
  std::string text;
};

// One agent of a mode, as it works.
struct AgentProgress {
  enum class State { Started, Reasoning, Answering, Answered, Ended };
  State state = State::Started;
  int64_t tokens = 0;
  std::string detail;  // when Answered its short answer, empty for free text; when Ended why
  std::string text;    // when Answered, all of it
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

// What became of one agent.
struct AgentReport {
  std::string agent;   // its name, as in Event::agent
  int round = 1;       // 2: it refined what the first round had found
  std::string model;   // whom it asked
  std::string answer;  // short form; empty where it has none
  std::string ended;   // why, e.g. "finished", "decided", "loop"
  int64_t tokens = 0;
  bool voted = false;
  std::optional<double> certainty{};  // mean log-probability of the answer's last tokens, if known
};

// How several agents made the answer, told once, before the Usage.
struct Report {
  std::string strategy;  // by name
  std::string stop;      // why the agents were ended, e.g. "decided"; "all ended"
  int asked = 0;         // agents of all waves of the first round
  int ran = 0;           // of those, the ones for which there was room
  std::vector<AgentReport> agents;
  std::vector<Vote> votes;  // of the last round, in order of the first vote for each answer
  int64_t propose_tokens = 0;
  int64_t refine_tokens = 0;
  int64_t merge_tokens = 0;
  double seconds = 0;        // from the request to the last word
  double chain_seconds = 0;  // predicted for one chain alone; 0: unknown
};

struct Finished {
  FinishReason reason = FinishReason::Stop;
  std::string
      stop_text{};  // with Stop: the caller's text before which the answer ended, if one did
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
                             Vote, Decision, Report, Usage, Finished, Failed, Raw>;

struct Event {
  int choice = 0;         // which answer
  std::string agent;      // which agent within it, e.g. "3" or "3/1"; empty: the answer itself
  uint64_t sequence = 0;  // position in the run, given by the run
  int tokens = 0;         // tokens that the payload stands for
  Payload payload;
};

}  // namespace melete::chat
