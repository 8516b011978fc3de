// Everything that answers is a Backend: the engine, a provider, a mode around either, a router.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/error.h"
#include "chat/event.h"
#include "chat/request.h"

namespace melete::chat {

using boost::asio::awaitable;

// End one choice, or all when `choice` is unset. It finishes with FinishReason::Stopped.
struct Stop {
  std::optional<int> choice;
};

// Close the reasoning now and write the answer.
struct AnswerNow {
  std::optional<int> choice;
};

// Change the most tokens of reasoning while it runs.
struct SetBudget {
  std::optional<int> choice;
  int reasoning_tokens = 0;
};

struct Approve {
  std::string call_id;
  bool approved = false;
};

using Control = std::variant<Stop, AnswerNow, SetBudget, Approve>;

// One running answer, pulled by its reader so that a slow reader slows its producer.
//
// next() is called by one coroutine at a time. control() may be called from any thread, also while
// next() waits. The destructor ends everything that still runs and frees its memory.
class Stream {
 public:
  virtual ~Stream() = default;

  // The next event; nothing after the last Finished or Failed. Resumes on the caller's executor.
  virtual awaitable<std::optional<Event>> next() = 0;

  // Returns at once; takes effect within one decoding step. Conflict when the choice has ended,
  // Unsupported where the backend cannot.
  virtual Result<void> control(Control control) = 0;
};

struct BackendInfo {
  std::string model;
  std::string parent;                      // the model that this one adapts; empty: none
  std::string compressed;                  // served, and says the same in less thought; empty: none
  int reasoning_percent = 0;               // of the parent's reasoning that it needs; 0: unknown
  bool images = false;                     // can see
  bool audio = false;                      // can hear
  int64_t context_tokens = 0;              // prompt and answer together; 0: unknown
  bool native_reasoning = false;           // reasons through its own template
  bool can_prefill = false;                // continues Request::prefill
  bool enforces_reasoning_budget = false;  // keeps Limits::reasoning_tokens itself
  bool embeds = false;                     // made for embeddings, not for chat
  bool branches = true;  // answers Request::branches side by side; else one request for each answer
  std::map<int, double> step_costs;  // time of a step for N sequences over one's; empty: unknown
};

// Thread-safe: all calls from any thread. Outlives its streams.
class Backend {
 public:
  virtual ~Backend() = default;

  // What `model` can do here; NotFound when this backend does not serve it.
  virtual Result<BackendInfo> info(const std::string& model) const = 0;

  // Prompt tokens of a request. May take milliseconds for long prompts: call it off the network
  // threads.
  virtual Result<int64_t> count(const Request& request) const = 0;

  // Never blocks and never returns null; what fails arrives as a Failed event.
  virtual std::unique_ptr<Stream> start(Request request) = 0;

  // Reads a prompt while there is nothing else to do, so that a request which begins like it starts
  // sooner. Returns at once and tells nothing; a backend without such a memory does nothing, as
  // here.
  virtual void read_ahead(const Request& /*request*/) {}
};

}  // namespace melete::chat
