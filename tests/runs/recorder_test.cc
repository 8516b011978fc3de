// What the database says of an answer while it grows, at its end, and when it is cancelled.

#include "runs/recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "runs/run_fixture.h"
#include "store/stored_things.h"

namespace melete::runs {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using testing::StartsWith;

class RecorderTest : public RunTest {
 protected:
  // A word each half second, unless told otherwise.
  explicit RecorderTest(chat::FakeScript script = chat::answers_with(
                            {.text = "one two three four five six", .tokens_per_second = 2}))
      : RunTest(std::move(script)) {}

  // Where `executor` is the clock's own, writes take no time.
  std::shared_ptr<Recorder> recorder_on(const asio::any_io_executor& executor,
                                        store::StoredResponse record) {
    return std::make_shared<Recorder>(*database, executor, std::move(record), RecordState::New);
  }

  store::StoredResponse stored() {
    const auto found = database->responses().find("resp_1", "me");
    return found ? *found : store::StoredResponse{.status = found.error().message};
  }

  static store::StoredResponse record() {
    return {
        .id = "resp_1", .owner = "me", .status = "in_progress", .input = "[]", .response = "{}"};
  }

  store::TemporaryDatabase database;
};

class RefusedRecorderTest : public RecorderTest {
 protected:
  RefusedRecorderTest()
      : RecorderTest(chat::answers_with(
            {.text = "", .error = Error{ErrorCode::ContextExceeded, "too long"}})) {}
};

TEST_F(RecorderTest, TheRecordGrowsWithTheAnswer) {
  std::vector<std::string> seen;
  const auto answer = [&]() -> asio::awaitable<void> {
    const auto executor = co_await asio::this_coro::executor;
    const auto run = begin({.pace = Pace::Own}, recorder_on(executor, record()));
    const auto watch = [&]() -> asio::awaitable<void> {
      for (int second = 0; second < 3; ++second) {
        co_await clock.sleep_until(clock.now() + 1s);
        seen.push_back(stored().status + ": " + stored().response);
      }
    };
    co_await (run->pump() && watch());
  };
  ASSERT_TRUE(clock.run(answer()));
  EXPECT_EQ(seen.at(1), "in_progress: one two three");
  EXPECT_EQ(stored().status, "completed");
  EXPECT_EQ(stored().response, "one two three four five six");
  EXPECT_EQ(stored().last_sequence, 6);
}

TEST_F(RecorderTest, AnAnswerThatCannotBeStoredIsToldAllTheSame) {
  ASSERT_TRUE(database->responses().insert(record()));
  std::string told;
  const auto answer = [&]() -> asio::awaitable<void> {
    const auto executor = co_await asio::this_coro::executor;
    const auto run = begin({.pace = Pace::Own}, recorder_on(executor, record()));
    co_await (run->pump() && read_into(told, run));
  };
  ASSERT_TRUE(clock.run(answer()));
  EXPECT_THAT(told, StartsWith("one| two| three| four| five| six|[completed, not stored: "));
}

TEST_F(RecorderTest, OneThatIsCancelledStaysSo) {
  const auto answer = [&]() -> asio::awaitable<void> {
    const auto executor = co_await asio::this_coro::executor;
    const auto run = begin({.pace = Pace::Own}, recorder_on(executor, record()));
    const auto cancel = [&]() -> asio::awaitable<void> {
      co_await clock.sleep_until(clock.now() + 1s);
      EXPECT_EQ(run->cancel(), Cancelled::Ending);
      EXPECT_EQ(run->snapshot()->status, "cancelled");
    };
    co_await (run->pump() && cancel());
    EXPECT_EQ(run->cancel().error().code, ErrorCode::Conflict);
  };
  ASSERT_TRUE(clock.run(answer()));
  EXPECT_EQ(stored().status, "cancelled");
  EXPECT_EQ(stored().response, "one two");
}

TEST_F(RefusedRecorderTest, ARefusalIsToldOnceItsRecordIsGone) {
  asio::io_context worker;
  std::string told;
  const auto answer = [&]() -> asio::awaitable<void> {
    const auto run = begin({.pace = Pace::Own}, recorder_on(worker.get_executor(), record()));
    const auto store_late = [&]() -> asio::awaitable<void> {
      worker.run_one();  // the record of its beginning
      co_await clock.sleep_until(clock.now() + 1s);
      EXPECT_EQ(told, "");
      EXPECT_EQ(stored().status, "in_progress");
      worker.restart();
      worker.run();
    };
    const auto read_first = [&]() -> asio::awaitable<void> {
      told = lines((co_await run->next(-1))->text);
    };
    co_await (run->pump() && read_first() && store_late());
    EXPECT_TRUE(run->refused());
  };
  ASSERT_TRUE(clock.run(answer()));
  EXPECT_EQ(told, "too long|[failed]|");
  EXPECT_EQ(database->responses().find("resp_1", "me").error().code, ErrorCode::NotFound);
}

TEST_F(RecorderTest, ItsItemsJoinTheConversation) {
  ASSERT_TRUE(database->conversations().create({.id = "conv_1", .owner = "me"}));
  const auto answer = [&]() -> asio::awaitable<void> {
    store::StoredResponse turn = record();
    turn.conversation = "conv_1";
    turn.input = R"([{"id": "msg_1"}])";
    const auto executor = co_await asio::this_coro::executor;
    const auto recorder = recorder_on(executor, turn);
    Snapshot last{"completed", R"({"output": [{"id": "msg_2"}]})", 4};
    const auto error = co_await recorder->settle(std::move(last), Recorder::Last::Yes);
    EXPECT_FALSE(error);
  };
  ASSERT_TRUE(clock.run(answer()));
  const auto items = database->conversations().items("conv_1", "me", {.ascending = true});
  ASSERT_TRUE(items);
  ASSERT_EQ(items->data.size(), 2u);
  EXPECT_EQ(items->data[1].id, "msg_2");
}

}  // namespace
}  // namespace melete::runs
