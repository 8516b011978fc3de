// The queue between a producer thread and a reader keeps order, ends once, tells its producer about
// room, and lets go of a reader that is cancelled.

#include "chat/event_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace melete::chat {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

Event text_event(int number) {
  return {.payload = TextDelta{std::to_string(number), {}}};
}

int number_of(const Event& event) {
  return std::stoi(std::get<TextDelta>(event.payload).text);
}

// Runs `reader` on a loop of its own until it ends; what it throws fails the test.
void run(asio::awaitable<void> reader) {
  asio::io_context context(1);
  asio::co_spawn(context, std::move(reader), [](const std::exception_ptr& failure) {
    if (failure) std::rethrow_exception(failure);
  });
  context.run();
}

// Reads one event, or nothing when `patience` passes first.
asio::awaitable<std::optional<Event>> next_within(EventQueue& queue, Duration patience) {
  using namespace asio::experimental::awaitable_operators;
  asio::steady_timer timer(co_await asio::this_coro::executor, patience);
  auto first = co_await (queue.next() || timer.async_wait(asio::use_awaitable));
  co_return first.index() == 0 ? std::get<0>(std::move(first)) : std::nullopt;
}

// Reads everything until the queue is closed.
asio::awaitable<std::vector<int>> read_all(EventQueue& queue) {
  std::vector<int> numbers;
  while (const std::optional<Event> event = co_await queue.next()) {
    numbers.push_back(number_of(*event));
  }
  co_return numbers;
}

std::vector<int> count_to(int end) {
  std::vector<int> numbers;
  for (int number = 0; number < end; ++number) numbers.push_back(number);
  return numbers;
}

TEST(EventQueue, GivesEventsInTheOrderTheyCame) {
  EventQueue queue;
  for (int number = 0; number < 5; ++number) queue.push(text_event(number));
  queue.close();
  run([&]() -> asio::awaitable<void> { EXPECT_EQ(co_await read_all(queue), count_to(5)); }());
}

TEST(EventQueue, EndsOnceClosedAndForEver) {
  EventQueue queue;
  queue.push(text_event(0));
  queue.close();
  EXPECT_TRUE(queue.closed());
  queue.push(text_event(1));
  run([&]() -> asio::awaitable<void> {
    EXPECT_EQ(co_await read_all(queue), count_to(1));
    EXPECT_FALSE((co_await queue.next()).has_value());
  }());
}

TEST(EventQueue, WakesAReaderThatWaits) {
  EventQueue queue;
  std::jthread producer([&queue] {
    std::this_thread::sleep_for(10ms);
    queue.push(text_event(0));
    std::this_thread::sleep_for(10ms);
    queue.close();
  });
  run([&]() -> asio::awaitable<void> { EXPECT_EQ(co_await read_all(queue), count_to(1)); }());
}

TEST(EventQueue, ResumesOnTheReadersThread) {
  EventQueue queue;
  const auto reader = std::this_thread::get_id();
  std::jthread producer([&queue] {
    std::this_thread::sleep_for(10ms);
    queue.push(text_event(0));
  });
  run([&]() -> asio::awaitable<void> {
    co_await queue.next();
    EXPECT_EQ(std::this_thread::get_id(), reader);
  }());
}

TEST(EventQueue, IsFullAtItsCapacityAndStillTakesMore) {
  EventQueue queue(2);
  EXPECT_FALSE(queue.full());
  queue.push(text_event(0));
  EXPECT_FALSE(queue.full());
  queue.push(text_event(1));
  EXPECT_TRUE(queue.full());
  queue.push(text_event(2));
  queue.close();
  run([&]() -> asio::awaitable<void> { EXPECT_EQ(co_await read_all(queue), count_to(3)); }());
}

TEST(EventQueue, CallsForMoreAtHalfItsCapacity) {
  EventQueue queue(4);
  int calls = 0;
  queue.on_room([&calls] { ++calls; });
  for (int number = 0; number < 4; ++number) queue.push(text_event(number));
  run([&]() -> asio::awaitable<void> {
    co_await queue.next();
    EXPECT_EQ(calls, 0);
    co_await queue.next();
    EXPECT_EQ(calls, 1);
    co_await queue.next();
    co_await queue.next();
    EXPECT_EQ(calls, 1);
  }());
}

TEST(EventQueue, DoesNotCallForMoreWhenItWasNeverFull) {
  EventQueue queue(4);
  int calls = 0;
  queue.on_room([&calls] { ++calls; });
  for (int number = 0; number < 3; ++number) queue.push(text_event(number));
  queue.close();
  run([&]() -> asio::awaitable<void> { co_await read_all(queue); }());
  EXPECT_EQ(calls, 0);
}

TEST(EventQueue, LetsATimerEndTheWait) {
  EventQueue queue;
  run([&]() -> asio::awaitable<void> {
    EXPECT_FALSE((co_await next_within(queue, 10ms)).has_value());
  }());
}

TEST(EventQueue, LosesNothingWhenAWaitIsCancelled) {
  EventQueue queue;
  run([&]() -> asio::awaitable<void> {
    co_await next_within(queue, 5ms);
    queue.push(text_event(0));
    const std::optional<Event> event = co_await next_within(queue, 1s);
    EXPECT_TRUE(event.has_value() && number_of(*event) == 0);
  }());
}

// The loop is kept busy until both timers are due: the event is pushed just before the wait's time
// is up, and the reader, already called, resumes after it.
TEST(EventQueue, LosesNothingWhenTimeRunsOutAsAnEventArrives) {
  EventQueue queue;
  asio::io_context context(1);
  asio::steady_timer arrival(context, 1ms);
  arrival.async_wait([&queue](const boost::system::error_code&) { queue.push(text_event(0)); });
  std::optional<Event> event;
  asio::co_spawn(
      context,
      [&]() -> asio::awaitable<void> {
        event = co_await next_within(queue, 2ms);
        if (!event) event = co_await next_within(queue, 1s);
      },
      asio::detached);
  asio::post(context, [] { std::this_thread::sleep_for(10ms); });
  context.run();
  ASSERT_TRUE(event.has_value());
  EXPECT_EQ(number_of(*event), 0);
}

TEST(EventQueue, LosesNothingWhenTimerAndProducerRace) {
  constexpr int kEvents = 300;
  EventQueue queue;
  std::jthread producer([&queue] {
    for (int number = 0; number < kEvents; ++number) {
      std::this_thread::sleep_for(50us);
      queue.push(text_event(number));
    }
    queue.close();
  });
  run([&]() -> asio::awaitable<void> {
    std::vector<int> numbers;
    while (!queue.closed() || numbers.size() < kEvents) {
      const std::optional<Event> event = co_await next_within(queue, 60us);
      if (event) numbers.push_back(number_of(*event));
    }
    EXPECT_EQ(numbers, count_to(kEvents));
  }());
}

TEST(EventQueue, KeepsAProducerWithinItsBound) {
  constexpr int kEvents = 5000;
  constexpr int kCapacity = 16;
  EventQueue queue(kCapacity);
  std::atomic<int> taken = 0;
  std::atomic<bool> room = false;
  int most_waiting = 0;
  queue.on_room([&room] {
    room = true;
    room.notify_one();
  });
  std::jthread producer([&] {
    for (int number = 0; number < kEvents; ++number) {
      room = false;
      if (queue.full()) room.wait(false);
      queue.push(text_event(number));
      most_waiting = std::max(most_waiting, number + 1 - taken);
    }
    queue.close();
  });
  run([&]() -> asio::awaitable<void> {
    std::vector<int> numbers;
    while (const std::optional<Event> event = co_await queue.next()) {
      numbers.push_back(number_of(*event));
      ++taken;
    }
    EXPECT_EQ(numbers, count_to(kEvents));
  }());
  producer.join();
  EXPECT_LE(most_waiting, kCapacity + 1) << "one may have left the queue uncounted";
}

TEST(EventQueue, TakesEventsFromSeveralThreads) {
  constexpr int kProducers = 4;
  constexpr int kEach = 1000;
  EventQueue queue;
  std::vector<std::vector<int>> by_producer(kProducers);
  std::jthread closer([&queue] {
    {
      std::vector<std::jthread> producers;
      producers.reserve(kProducers);
      for (int producer = 0; producer < kProducers; ++producer) {
        producers.emplace_back([&queue, producer] {
          for (int number = 0; number < kEach; ++number) {
            Event event = text_event(number);
            event.choice = producer;
            queue.push(std::move(event));
          }
        });
      }
    }
    queue.close();
  });
  run([&]() -> asio::awaitable<void> {
    while (const std::optional<Event> event = co_await queue.next()) {
      by_producer.at(event->choice).push_back(number_of(*event));
    }
  }());
  for (const auto& numbers : by_producer) EXPECT_EQ(numbers, count_to(kEach));
}

}  // namespace
}  // namespace melete::chat
