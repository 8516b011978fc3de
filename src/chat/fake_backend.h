// A backend that answers from a script, for tests of everything that stands on chat::Backend.
//
// It obeys controls and limits as the engine does, so a test may stop a choice, cut its reasoning
// (where BackendInfo::enforces_reasoning_budget is set) or let it hang; where BackendInfo::branches
// is not set it refuses them. Time is the test's: events
// come at once, by a virtual clock, or in real time.

#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "chat/backend.h"
#include "chat/virtual_clock.h"

namespace melete::chat {

// One event of a script and when it comes, counted from the stream's start. Events of equal time
// keep their order.
struct FakeStep {
  std::chrono::milliseconds at{0};  // milliseconds::max(): never, the stream hangs
  Event event;
};

// What to answer to a request. A script that gives no Finished ends early, as a broken connection
// does. Usage is counted and told by the backend unless the script tells it.
using FakeScript = std::function<std::vector<FakeStep>(const Request&)>;

// One choice as plain text; every word with the space before it is a token.
struct FakeAnswer {
  std::string text;
  std::string reasoning;
  FinishReason reason = FinishReason::Stop;
  double tokens_per_second = 100;         // above 0
  std::chrono::milliseconds admitted{0};  // Started comes, once there is room for it
  std::chrono::milliseconds first_token{
      10};                        // after that; then one token each 1 / tokens_per_second
  std::optional<double> logprob;  // of each token of the text, told to requests that ask for it
  bool hangs = false;             // nothing comes after the last token
  std::optional<Error> error;     // comes as Failed after the last token
};

std::vector<FakeStep> steps_of(const FakeAnswer& answer, int choice);

// Every choice answers alike.
FakeScript answers(std::string text);
FakeScript answers_with(FakeAnswer answer);

// Choice i answers with `by_choice[i % size]`; not empty.
FakeScript answers_each(std::vector<FakeAnswer> by_choice);

// The first request is answered by the first script and so on; the last one answers all that
// follow.
FakeScript in_turn(std::vector<FakeScript> scripts);

struct FakeOptions {
  enum class Pace { AtOnce, RealTime };
  BackendInfo info;               // an empty model name serves every name
  VirtualClock* clock = nullptr;  // set: events come by it; must outlive the streams
  Pace pace = Pace::AtOnce;       // without a clock
};

// Thread-safe. Outlives its streams.
class FakeBackend final : public Backend {
 public:
  FakeBackend(FakeOptions options, FakeScript script);

  Result<BackendInfo> info(const std::string& model) const override;

  // Counts words.
  Result<int64_t> count(const Request& request) const override;

  std::unique_ptr<Stream> start(Request request) override;
  void read_ahead(const Request& request) override;

  // What happened so far, in order.
  std::vector<Request> requests() const;
  std::vector<Request> read_aheads() const;
  std::vector<Control> controls() const;
  int live_streams() const;

 private:
  friend class FakeStream;

  const FakeOptions options_;
  const FakeScript script_;
  mutable std::mutex mutex_;
  std::vector<Request> requests_;  // guarded by mutex_
  std::vector<Request> aheads_;    // guarded by mutex_
  std::vector<Control> controls_;  // guarded by mutex_
  int live_streams_ = 0;           // guarded by mutex_
};

}  // namespace melete::chat
