// One turn to answer, independent of any wire format. Every field is optional for the caller; the
// defaults here are what an empty request means.

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "chat/message.h"
#include "chat/verifier.h"

namespace melete::chat {

enum class Mode { Instant, Thinking, Contemplating };

// How much a mode may think; modes turn it into Limits::reasoning_tokens.
enum class Effort { None, Minimal, Low, Medium, High, XHigh };

// How much less a model may think than it would, see modes/thought_compression.h.
enum class Compression { Off, Light, Strong };

struct Sampling {
  std::optional<double> temperature;  // 0 (greedy) to 2; unset: the model's own, else 0.8
  std::optional<double> top_p;        // 0 to 1; unset: the model's own, else 0.95
  std::optional<int> top_k;           // 0: off; unset: the model's own, else 40
  std::optional<double> min_p;        // 0 to 1; unset: the model's own, else 0.05
  double presence_penalty = 0;        // -2 to 2, subtracted once for a token that has appeared
  double frequency_penalty = 0;       // -2 to 2, subtracted for each appearance
  double repeat_penalty = 1;          // above 0; 1: off
  std::optional<uint32_t> seed;       // unset: a random one; branch i uses seed + i
  std::vector<std::string> stop;      // the answer ends before any of these texts
  std::map<int, double> logit_bias;   // token id to a value added to its logit
  bool ignore_eos = false;            // go on to the token limit (benchmarks)
  std::optional<int> top_logprobs;  // set: report log-probabilities with this many rivals, 0 to 20
};

struct Limits {
  std::optional<int> answer_tokens;     // most tokens after the reasoning; unset: up to the context
  std::optional<int> reasoning_tokens;  // most tokens of reasoning; 0: none; unset: no limit
  // Of both together. Where it is set, the answer may have more than answer_tokens: what the
  // reasoning has left of this.
  std::optional<int> total_tokens;
  std::optional<std::chrono::milliseconds> deadline;  // for the whole answer, from its start
  int agents = 64;                                    // most agents of a mode
};

struct Tool {
  std::string name;
  std::string description;
  Json parameters;  // a JSON schema of the arguments
};

struct ToolChoice {
  enum class Kind { Auto, None, Required, Named };
  Kind kind = Kind::Auto;
  std::string name;  // with Named
};

struct Schema {
  std::string name;
  Json schema;  // a JSON schema; an empty object: any JSON
  bool strict = true;
};

// One parallel answer: what it adds after the shared prompt.
struct Branch {
  std::vector<Message> suffix;       // an agent's own instruction; usually empty
  std::optional<Sampling> sampling;  // else the request's, with a seed of its own
};

// Who asks, for admission, stickiness and the ledger.
struct Caller {
  std::string key;
  std::string user;
  std::string conversation;
};

// The caller's own bytes, for a route of the same dialect.
struct RawBody {
  std::string dialect;
  std::string bytes;
};

struct Request {
  std::string model;
  std::vector<Message> messages;
  std::string prefill;           // the beginning of the answer, to be continued
  std::vector<Branch> branches;  // n parallel answers that share one prompt; empty: one
  std::vector<Tool> tools;
  ToolChoice tool_choice;
  bool parallel_tools = true;
  Mode mode = Mode::Instant;
  std::optional<Effort> effort;      // unset: the mode's own, Medium where it thinks
  std::string strategy;              // of Contemplating; empty: its default
  int agents = 0;                    // wanted; 0: as many as are worth it here ("auto")
  std::vector<std::string> hints;    // a line of strategy for each agent, dealt in turn
  std::vector<std::string> models;   // agents are spread over them; empty: all ask `model`
  std::optional<Verifier> verifier;  // decides among the agents' answers
  Sampling sampling;
  Limits limits;
  std::optional<Schema> schema;
  std::string adapter;  // a LoRA of the model, by name; empty: the model alone
  Compression compression = Compression::Off;
  int fold_tokens = 0;  // Thinking condenses its reasoning whenever it has grown by so many; 0: off
  bool compact = false;  // first put a summary in the place of what was said before
  Caller caller;
  std::optional<RawBody> raw;
};

// The number of answers that the request asks for, at least 1.
int choice_count(const Request& request);

// "instant", "thinking", "contemplating"; nothing for another text.
std::optional<Mode> mode_from(std::string_view name);
std::string_view name_of(Mode mode);

// "none", "minimal", "low", "medium", "high", "xhigh"; nothing for another text.
std::optional<Effort> effort_from(std::string_view name);
std::string_view name_of(Effort effort);

// "off", "light", "strong"; nothing for another text.
std::optional<Compression> compression_from(std::string_view name);
std::string_view name_of(Compression compression);

}  // namespace melete::chat
