// A run under several readers, under control, and at its reader's pace.

#include <gmock/gmock.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <optional>

#include "runs/run_fixture.h"

namespace melete::runs {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kWhole = "one| two| three| four|[completed]|";

class SilentRunTest : public RunTest {
 protected:
  SilentRunTest() : RunTest(chat::answers_with({.text = "one two", .hangs = true})) {}
};

class ThinkingRunTest : public RunTest {
 protected:
  ThinkingRunTest()
      : RunTest(chat::answers_with({.text = "yes", .reasoning = "hm hm hm hm hm hm hm hm"})) {}
};

class FailingRunTest : public RunTest {
 protected:
  FailingRunTest()
      : RunTest(
            chat::answers_with({.text = "one", .error = Error{ErrorCode::Internal, "no memory"}})) {
  }
};

class RefusedRunTest : public RunTest {
 protected:
  RefusedRunTest()
      : RunTest(chat::answers_with(
            {.text = "", .error = Error{ErrorCode::ContextExceeded, "too long"}})) {}
};

TEST_F(RunTest, TwoReadersSeeTheSame) {
  std::string first;
  std::string second;
  const auto run = begin();
  const auto both = [&]() -> asio::awaitable<void> {
    co_await (read_into(first, run) && read_into(second, run) && run->pump());
  };
  ASSERT_TRUE(clock.run(both()));
  EXPECT_EQ(first, kWhole);
  EXPECT_EQ(second, kWhole);
  EXPECT_EQ(backend.requests().size(), 1u);
}

TEST_F(RunTest, AReaderGoesOnFromAnyFrame) {
  const auto run = begin();
  ASSERT_TRUE(clock.run(run->pump()));
  EXPECT_EQ(all_of(run, -1), kWhole);
  EXPECT_EQ(all_of(run, 1), " three| four|[completed]|");
  EXPECT_EQ(all_of(run, 4), "");
  EXPECT_EQ(all_of(run, 99), "");
}

TEST_F(RunTest, AReaderThatLeavesEndsNothing) {
  const auto run = begin();
  const auto leave_early = [&]() -> asio::awaitable<void> {
    const auto frames = co_await run->next(-1);
    EXPECT_EQ(lines(frames->text), "one|");
  };
  const auto both = [&]() -> asio::awaitable<void> { co_await (leave_early() && run->pump()); };
  ASSERT_TRUE(clock.run(both()));
  EXPECT_EQ(all_of(run, 0), " two| three| four|[completed]|");
}

TEST_F(RunTest, AtTheReadersPaceNothingIsMadeThatNobodyReads) {
  const auto run = begin({.pace = Pace::Reader});
  const auto slow = [&]() -> asio::awaitable<void> {
    const auto first = co_await run->next(-1);
    EXPECT_EQ(lines(first->text), "one|");
    co_await clock.sleep_until(clock.now() + 10s);
    EXPECT_EQ(run->ended_at(), std::nullopt);
    std::string rest;
    co_await read_into(rest, run, first->last);
    EXPECT_EQ(rest, " two| three| four|[completed]|");
  };
  ASSERT_TRUE(clock.run(slow()));
  EXPECT_GE(*run->ended_at() - Instant{}, 10s);
}

TEST_F(RunTest, AtItsOwnPaceItWaitsForNobody) {
  const auto run = begin();
  ASSERT_TRUE(clock.run(run->pump()));
  EXPECT_LT(*run->ended_at() - Instant{}, 1s);
  EXPECT_FALSE(run->running());
  EXPECT_EQ(backend.live_streams(), 0);
}

TEST_F(RunTest, IsGivenWholeAtItsReadersPace) {
  const auto run = begin({.pace = Pace::Reader, .form = Form::Whole});
  WholeAnswer whole;
  const auto wait = [&]() -> asio::awaitable<void> { whole = co_await run->whole(); };
  ASSERT_TRUE(clock.run(wait()));
  EXPECT_EQ(whole.body, "one two three four");
  EXPECT_FALSE(whole.error);
}

TEST_F(RunTest, SendsItsReadersAwayWhereItWillNotBegin) {
  RunOptions options{.pace = Pace::Own};
  options.clock = &clock;
  const auto run = std::make_shared<runs::Run>(options, std::make_unique<LineWriter>(), nullptr);
  run->announce();
  run->hold_over();
  EXPECT_THAT(all_of(run, -1), testing::StartsWith("queued|error: The server is shutting down"));
}

TEST_F(RunTest, AHoldOverIsNothingToOneThatHasBegun) {
  const SharedRun run = begin();
  run->hold_over();
  EXPECT_TRUE(clock.run(run->pump()));
  EXPECT_EQ(all_of(run, -1), "one| two| three| four|[completed]|");
}

TEST_F(RunTest, TheOldestFramesGoFirst) {
  const auto run = begin({.pace = Pace::Own, .log_bytes = 40});
  ASSERT_TRUE(clock.run(run->pump()));
  EXPECT_THAT(all_of(run, -1), StartsWith("error: Events up to 2 of this answer"));
  EXPECT_EQ(all_of(run, 2), " four|[completed]|");
}

TEST_F(SilentRunTest, StopsWithWhatThereIs) {
  const auto run = begin();
  const auto stop = [&]() -> asio::awaitable<void> {
    co_await clock.sleep_until(clock.now() + 5s);
    EXPECT_TRUE(run->control(chat::Stop{}));
  };
  const auto both = [&]() -> asio::awaitable<void> { co_await (stop() && run->pump()); };
  ASSERT_TRUE(clock.run(both()));
  EXPECT_EQ(all_of(run, -1), "one| two|[incomplete]|");
  const auto late = run->control(chat::Stop{});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::Conflict);
}

// Tells its end, and has no more only after a second.
class LingeringStream final : public chat::Stream {
 public:
  explicit LingeringStream(chat::VirtualClock& clock) : clock_(clock) {}

  asio::awaitable<std::optional<chat::Event>> next() override {
    if (!ended_) {
      ended_ = true;
      co_return chat::Event{.payload = chat::Finished{}};
    }
    co_await clock_.sleep_until(clock_.now() + 1s);
    co_return std::nullopt;
  }
  Result<void> control(chat::Control /*control*/) override { return {}; }

 private:
  chat::VirtualClock& clock_;
  bool ended_ = false;
};

TEST_F(RunTest, IsOverOnceItsRecordSaysSo) {
  auto run = std::make_shared<runs::Run>(RunOptions{.pace = Pace::Own, .clock = &clock},
                                         std::make_unique<LineWriter>());
  run->begin([this] { return std::make_unique<LingeringStream>(clock); }, 1);
  const auto late = [&]() -> asio::awaitable<void> {
    co_await clock.sleep_until(clock.now() + 500ms);
    EXPECT_FALSE(run->ended_at());
    const Result<void> refused = run->control(chat::Stop{});
    if (refused) co_return ADD_FAILURE() << "it took the control";
    EXPECT_EQ(refused.error().code, ErrorCode::Conflict);
    EXPECT_THAT(refused.error().message, HasSubstr("ended already"));
  };
  const auto both = [&]() -> asio::awaitable<void> { co_await (late() && run->pump()); };
  ASSERT_TRUE(clock.run(both()));
}

TEST_F(SilentRunTest, IsNotCancelledWhereItHasNoRecord) {
  const auto run = begin();
  EXPECT_EQ(run->cancel().error().code, ErrorCode::Unsupported);
}

TEST_F(ThinkingRunTest, AnswersNowWhenTold) {
  const auto run = begin();
  const auto hurry = [&]() -> asio::awaitable<void> {
    const auto frames = co_await run->next(2);
    EXPECT_EQ(frames->last, 3);
    EXPECT_TRUE(run->control(chat::AnswerNow{}));
  };
  const auto both = [&]() -> asio::awaitable<void> { co_await (hurry() && run->pump()); };
  ASSERT_TRUE(clock.run(both()));
  EXPECT_EQ(all_of(run, -1), "(hm)|( hm)|( hm)|( hm)|yes|[completed]|");
}

TEST_F(ThinkingRunTest, ThinksWithinANewBudget) {
  const auto run = begin();
  const auto cut = [&]() -> asio::awaitable<void> {
    co_await run->next(0);
    EXPECT_TRUE(run->control(chat::SetBudget{.reasoning_tokens = 5}));
  };
  const auto both = [&]() -> asio::awaitable<void> { co_await (cut() && run->pump()); };
  ASSERT_TRUE(clock.run(both()));
  EXPECT_EQ(all_of(run, -1), "(hm)|( hm)|( hm)|( hm)|( hm)|yes|[completed]|");
}

TEST_F(FailingRunTest, AFailureIsTheEndOfWhatWasTold) {
  const auto run = begin();
  ASSERT_TRUE(clock.run(run->pump()));
  EXPECT_EQ(all_of(run, -1), "one|no memory|[failed]|");
  EXPECT_FALSE(run->refused());
}

TEST_F(RefusedRunTest, AFailureBeforeAnythingWasToldIsARefusal) {
  const auto run = begin({.pace = Pace::Reader});
  EXPECT_THAT(all_of(run, -1), HasSubstr("too long"));
  ASSERT_TRUE(run->refused());
  EXPECT_EQ(run->refused()->error->code, ErrorCode::ContextExceeded);
  EXPECT_EQ(run->refused()->body, "error: too long");
}

}  // namespace
}  // namespace melete::runs
