// Runs over the fake backend under a virtual clock, in a dialect of plain lines.

#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "chat/fake_backend.h"
#include "runs/run.h"

namespace melete::runs {

using SharedRun = std::shared_ptr<Run>;  // within a test Run is gtest's

// Each piece of text is a frame, e.g. "data: one\n\n"; the end is "data: [completed]\n\n". Its
// record is the text so far.
class LineWriter final : public AnswerWriter, public RecordWriter {
 public:
  std::string write_event(const chat::Event& event) override {
    if (const auto* failed = std::get_if<chat::Failed>(&event.payload)) {
      status_ = "failed";
      return frame(failed->error.message);
    }
    if (const auto* finished = std::get_if<chat::Finished>(&event.payload)) {
      const bool whole = finished->reason == chat::FinishReason::Stop;
      if (status_ != "cancelled") status_ = whole ? "completed" : "incomplete";
    }
    const auto* reasoning = std::get_if<chat::ReasoningDelta>(&event.payload);
    if (reasoning) return frame("(" + reasoning->text + ")");
    const auto* delta = std::get_if<chat::TextDelta>(&event.payload);
    if (!delta) return {};
    text_ += delta->text;
    return frame(delta->text);
  }
  std::string write_end() override { return frame("[" + status_ + not_stored_ + "]"); }
  Result<std::string> write_whole(const chat::Completion& /*completion*/) override { return text_; }
  std::string write_error(const Error& error) override { return "error: " + error.message; }
  RecordWriter* record() override { return this; }

  Snapshot snapshot() const override { return {status_, text_, frames_}; }
  std::string write_queued() override {
    status_ = "queued";
    return frame("queued");
  }
  void mark_begun() override { status_ = "in_progress"; }
  void mark_cancelled() override { status_ = "cancelled"; }
  void mark_not_stored(const Error& why) override { not_stored_ = ", not stored: " + why.message; }

 private:
  std::string frame(const std::string& text) {
    ++frames_;
    return fmt::format("data: {}\n\n", text);
  }

  std::string status_ = "in_progress";
  std::string text_;
  std::string not_stored_;
  int64_t frames_ = 0;
};

class RunTest : public testing::Test {
 protected:
  // Answers of one token each hundredth of a second.
  explicit RunTest(chat::FakeScript script = chat::answers("one two three four"))
      : backend(fake_options(), std::move(script)) {}

  // A run at its own pace, unless told otherwise, that has begun.
  SharedRun begin(RunOptions options = {.pace = Pace::Own},
                  std::shared_ptr<Recorder> recorder = nullptr) {
    options.id = options.id.empty() ? "run_1" : options.id;
    options.clock = &clock;
    auto run =
        std::make_shared<runs::Run>(options, std::make_unique<LineWriter>(), std::move(recorder));
    run->begin([this] { return backend.start({}); }, 1);
    return run;
  }

  // Waits for `run` and gives all frames after `after`, without the "data: " and blank lines:
  // "one| two|[completed]|"; what goes wrong ends it as "error: ...".
  static boost::asio::awaitable<std::string> read(SharedRun run, int64_t after = -1) {
    std::string all;
    while (true) {
      const auto frames = co_await run->next(after);
      if (!frames) co_return all + "error: " + frames.error().message;
      if (frames->text.empty()) co_return all;
      after = frames->last;
      all += lines(frames->text);
    }
  }

  static boost::asio::awaitable<void> read_into(std::string& text, SharedRun run,
                                                int64_t after = -1) {
    text = co_await read(std::move(run), after);
  }

  // read() to its end, under the clock.
  std::string all_of(const SharedRun& run, int64_t after) {
    std::string text;
    EXPECT_TRUE(clock.run(read_into(text, run, after)));
    return text;
  }

  static std::string lines(const std::string& frames) {
    std::string lines;
    for (size_t at = 0; at < frames.size(); at = frames.find("\n\n", at) + 2) {
      lines += frames.substr(at + 6, frames.find("\n\n", at) - at - 6) + "|";
    }
    return lines;
  }

  chat::FakeOptions fake_options() {
    return {.info = {.model = "", .native_reasoning = true, .enforces_reasoning_budget = true},
            .clock = &clock};
  }

  chat::VirtualClock clock;
  chat::FakeBackend backend;
};

}  // namespace melete::runs
