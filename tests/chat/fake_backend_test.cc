// The fake backend must behave as the engine does, or the tests that stand on it prove nothing.

#include "chat/fake_backend.h"

#include <gtest/gtest.h>

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace melete::chat {
namespace {

using std::chrono::milliseconds;

Request with_choices(size_t count) {
  Request request;
  request.branches.resize(count);
  return request;
}

TEST(FakeBackend, TellsReasoningTextUsageAndFinishedInOrder) {
  FakeBackend backend({}, answers_with({.text = "It is 4.", .reasoning = "two and two"}));
  const auto stream = backend.start({});
  std::vector<size_t> kinds;
  const Completion completion = collect_blocking(
      *stream, [&](const Event& event) { kinds.push_back(event.payload.index()); });
  EXPECT_EQ(completion.choices[0].text, "It is 4.");
  EXPECT_EQ(completion.choices[0].reasoning, "two and two");
  EXPECT_EQ(completion.usage.prompt_tokens, 10);
  EXPECT_EQ(completion.usage.reasoning_tokens, 3);
  EXPECT_EQ(completion.usage.answer_tokens, 3);
  const Payload usage = Usage{};
  const Payload finished = Finished{};
  ASSERT_GE(kinds.size(), 2u);
  EXPECT_EQ(kinds[kinds.size() - 2], usage.index());
  EXPECT_EQ(kinds.back(), finished.index());
}

TEST(FakeBackend, TellsUsageOnceHoweverManyChoices) {
  FakeBackend backend({}, answers("one two"));
  int usages = 0;
  const auto stream = backend.start(with_choices(3));
  const Completion completion = collect_blocking(*stream, [&](const Event& event) {
    usages += std::holds_alternative<Usage>(event.payload) ? 1 : 0;
  });
  EXPECT_EQ(usages, 1);
  EXPECT_EQ(completion.choices.size(), 3u);
  EXPECT_EQ(completion.usage.answer_tokens, 6);
}

TEST(FakeBackend, VirtualTimePassesOnlyAsTheScriptSays) {
  VirtualClock clock;
  FakeBackend backend({.clock = &clock}, answers_with({.text = "a b c", .tokens_per_second = 1}));
  const auto stream = backend.start({});
  clock.collect(*stream);
  EXPECT_EQ(clock.now() - Instant{}, milliseconds(3010));
}

TEST(FakeBackend, StreamsReadSideBySideInterleaveByVirtualTime) {
  VirtualClock clock;
  FakeBackend backend({.clock = &clock},
                      in_turn({answers_with({.text = "s s", .tokens_per_second = 10}),
                               answers_with({.text = "f f f", .tokens_per_second = 30})}));
  const auto slow = backend.start({});
  const auto fast = backend.start({});
  std::string order;
  const auto read = [&order](Stream& stream) -> awaitable<void> {
    while (const auto event = co_await stream.next()) {
      if (const auto* text = std::get_if<TextDelta>(&event->payload)) order += text->text;
    }
  };
  using namespace boost::asio::experimental::awaitable_operators;
  EXPECT_TRUE(clock.run(read(*slow) && read(*fast)));
  EXPECT_EQ(order, "sf f f s");
}

TEST(FakeBackend, StopEndsOneChoiceAndLeavesTheOthers) {
  VirtualClock clock;
  FakeBackend backend({.clock = &clock}, answers("one two three"));
  const auto stream = backend.start(with_choices(2));
  ASSERT_TRUE(stream->control(Stop{0}));
  const Completion completion = clock.collect(*stream);
  EXPECT_EQ(completion.choices[0].finish_reason, FinishReason::Stopped);
  EXPECT_EQ(completion.choices[0].text, "");
  EXPECT_EQ(completion.choices[1].finish_reason, FinishReason::Stop);
  EXPECT_EQ(completion.choices[1].text, "one two three");
  EXPECT_EQ(stream->control(Stop{0}).error().code, ErrorCode::Conflict);
  EXPECT_EQ(backend.controls().size(), 2u);
}

TEST(FakeBackend, StopWakesAReaderThatWaits) {
  VirtualClock clock;
  FakeBackend backend({.clock = &clock}, answers_with({.text = "one", .hangs = true}));
  const auto stream = backend.start({});
  Completion completion;
  const auto read = [&]() -> awaitable<void> { completion = co_await collect(*stream); };
  const auto stop = [&]() -> awaitable<void> {
    co_await clock.sleep_until(Instant{} + milliseconds(500));
    EXPECT_TRUE(stream->control(Stop{}));
  };
  using namespace boost::asio::experimental::awaitable_operators;
  EXPECT_TRUE(clock.run(read() && stop()));
  EXPECT_EQ(completion.choices[0].text, "one");
  EXPECT_EQ(completion.choices[0].finish_reason, FinishReason::Stopped);
  EXPECT_EQ(clock.now() - Instant{}, milliseconds(500));
}

TEST(FakeBackend, AStreamThatHangsIsReportedAndLeavesNothingBehind) {
  VirtualClock clock;
  FakeBackend backend({.clock = &clock}, answers_with({.text = "one", .hangs = true}));
  {
    const auto stream = backend.start({});
    EXPECT_EQ(clock.collect(*stream).error->code, ErrorCode::DeadlineExceeded);
    EXPECT_EQ(backend.live_streams(), 1);
  }
  EXPECT_EQ(backend.live_streams(), 0);
}

TEST(FakeBackend, KeepsReasoningAndAnswerLimits) {
  FakeBackend backend({.info = {.enforces_reasoning_budget = true}},
                      answers_with({.text = "a b c", .reasoning = "1 2 3 4 5"}));
  Request request;
  request.limits.reasoning_tokens = 2;
  request.limits.answer_tokens = 1;
  const auto stream = backend.start(request);
  const Completion completion = collect_blocking(*stream);
  EXPECT_EQ(completion.choices[0].reasoning, "1 2");
  EXPECT_EQ(completion.choices[0].text, "a");
  EXPECT_EQ(completion.choices[0].finish_reason, FinishReason::Length);
}

TEST(FakeBackend, AnswerNowSkipsTheRestOfTheReasoningAndItsTime) {
  VirtualClock clock;
  FakeBackend backend(
      {.info = {.enforces_reasoning_budget = true}, .clock = &clock},
      answers_with({.text = "yes", .reasoning = "1 2 3 4", .tokens_per_second = 1}));
  const auto stream = backend.start({});
  EXPECT_TRUE(stream->control(AnswerNow{}));
  const Completion completion = clock.collect(*stream);
  EXPECT_EQ(completion.choices[0].reasoning, "");
  EXPECT_EQ(completion.choices[0].text, "yes");
  EXPECT_EQ(clock.now() - Instant{}, milliseconds(2000));  // instead of 5010
}

TEST(FakeBackend, FailsOrBreaksOffAsScripted) {
  FakeBackend failing(
      {}, answers_with({.text = "a", .error = Error{ErrorCode::Unavailable, "gone", ""}}));
  EXPECT_EQ(collect_blocking(*failing.start({})).error->message, "gone");

  FakeBackend breaking({}, [](const Request&) {
    return std::vector<FakeStep>{{milliseconds(0), {.payload = TextDelta{"half", {}}}}};
  });
  const Completion completion = collect_blocking(*breaking.start({}));
  EXPECT_EQ(completion.choices[0].text, "half");
  EXPECT_FALSE(completion.choices[0].finished);
}

TEST(FakeBackend, ServesOnlyItsModelWhenItHasAName) {
  FakeBackend backend({.info = {.model = "muse"}}, answers("x"));
  EXPECT_TRUE(backend.info("muse"));
  EXPECT_EQ(backend.info("other").error().code, ErrorCode::NotFound);
}

TEST(FakeBackend, RealTimeTakesAsLongAsTheScript) {
  FakeBackend backend({.pace = FakeOptions::Pace::RealTime},
                      answers_with({.text = "a b c", .tokens_per_second = 100}));
  const Instant start = system_clock().now();
  EXPECT_EQ(collect_blocking(*backend.start({})).choices[0].text, "a b c");
  EXPECT_GE(system_clock().now() - start, milliseconds(40));
}

}  // namespace
}  // namespace melete::chat
