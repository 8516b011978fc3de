// What becomes of answers whose backend does not end them.

#include "runs/runner.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <utility>

#include "chat/event_queue.h"
#include "runs/run_fixture.h"
#include "store/stored_things.h"

namespace melete::runs {
namespace {

namespace asio = boost::asio;

// Says what the test says, and takes no notice of being stopped.
class DeafBackend final : public chat::Backend {
 public:
  Result<chat::BackendInfo> info(const std::string& /*model*/) const override {
    return chat::BackendInfo{};
  }
  Result<int64_t> count(const chat::Request& /*request*/) const override { return 0; }
  std::unique_ptr<chat::Stream> start(chat::Request /*request*/) override {
    return std::make_unique<DeafStream>(*this);
  }

  const std::shared_ptr<chat::EventQueue> events = std::make_shared<chat::EventQueue>();
  int streams = 0;

 private:
  class DeafStream final : public chat::Stream {
   public:
    explicit DeafStream(DeafBackend& backend) : backend_(backend), events_(backend.events) {
      ++backend_.streams;
    }
    ~DeafStream() override { --backend_.streams; }

    chat::awaitable<std::optional<chat::Event>> next() override { return events_->next(); }
    Result<void> control(chat::Control /*control*/) override { return {}; }

   private:
    DeafBackend& backend_;
    const std::shared_ptr<chat::EventQueue> events_;
  };
};

TEST(Runner, AnAnswerThatDoesNotEndIsLetGoOfBeforeItsEventLoop) {
  store::TemporaryDatabase database;
  DeafBackend backend;
  auto loop = std::make_unique<asio::io_context>(1);
  const auto executor = [&loop] { return asio::any_io_executor(loop->get_executor()); };
  auto runner = std::make_unique<Runner>(RunnerParts{.backend = backend,
                                                     .database = &*database,
                                                     .worker = executor(),
                                                     .next_network_thread = executor},
                                         RunQueueLimits{});
  Order order{.id = "resp_1", .owner = "me", .writer = std::make_unique<LineWriter>()};
  order.record = store::StoredResponse{
      .id = "resp_1", .owner = "me", .status = "in_progress", .input = "[]", .response = "{}"};
  runner->start(std::move(order), executor());
  loop->poll();
  runner->table().stop_all();
  loop->restart();
  loop->poll();
  EXPECT_EQ(runner->table().running(), 1) << "the backend was meant to be deaf";
  runner->abandon();
  loop->restart();
  loop->poll();
  EXPECT_EQ(runner->table().running(), 0);
  EXPECT_EQ(backend.streams, 0);
  EXPECT_EQ(database->responses().find("resp_1", "me")->status, "in_progress");
  loop.reset();
  runner.reset();
  backend.events->push({.payload = chat::TextDelta{"too late", {}}});  // wakes nobody
}

}  // namespace
}  // namespace melete::runs
