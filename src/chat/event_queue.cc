#include "chat/event_queue.h"

#include <boost/asio/append.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <memory>
#include <utility>

namespace melete::chat {

namespace asio = boost::asio;

EventQueue::EventQueue(size_t capacity) : capacity_(capacity) {}

void EventQueue::push(Event event) {
  std::function<void(bool)> resume;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    events_.push_back(std::move(event));
    was_full_ = was_full_ || events_.size() >= capacity_;
    resume = std::exchange(waiter_, nullptr);
  }
  if (resume) resume(false);
}

void EventQueue::close() {
  std::function<void(bool)> resume;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    resume = std::exchange(waiter_, nullptr);
  }
  if (resume) resume(false);
}

bool EventQueue::full() const {
  const std::lock_guard lock(mutex_);
  return events_.size() >= capacity_;
}

bool EventQueue::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

void EventQueue::on_room(std::function<void()> callback) {
  const std::lock_guard lock(mutex_);
  on_room_ = std::move(callback);
}

asio::awaitable<std::optional<Event>> EventQueue::next() {
  while (true) {
    std::optional<Event> event;
    std::function<void()> room;
    {
      const std::lock_guard lock(mutex_);
      if (!events_.empty()) {
        event = std::move(events_.front());
        events_.pop_front();
        if (was_full_ && events_.size() <= capacity_ / 2) {
          was_full_ = false;
          room = on_room_;
        }
      } else if (closed_) {
        co_return std::nullopt;
      }
    }
    if (room) room();
    if (event) co_return event;

    co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(boost::system::error_code)>(
        [this](auto handler) {
          using Handler = decltype(handler);
          auto slot = asio::get_associated_cancellation_slot(handler);
          auto work = asio::make_work_guard(asio::get_associated_executor(handler));
          auto shared = std::make_shared<std::pair<Handler, decltype(work)>>(std::move(handler),
                                                                             std::move(work));
          const auto resume = [shared](bool aborted) {
            boost::system::error_code result;
            if (aborted) result = asio::error::operation_aborted;
            const auto executor = shared->second.get_executor();
            asio::post(executor, asio::append(std::move(shared->first), result));
            shared->second.reset();
          };
          if (slot.is_connected()) {
            slot.assign([this](asio::cancellation_type) {
              std::function<void(bool)> waiting;
              {
                const std::lock_guard lock(mutex_);
                waiting = std::exchange(waiter_, nullptr);
              }
              if (waiting) waiting(true);
            });
          }
          {
            const std::lock_guard lock(mutex_);
            if (events_.empty() && !closed_) {
              waiter_ = resume;
              return;
            }
          }
          resume(false);
        },
        asio::use_awaitable);

    // Whoever cancelled a wait that an event has just ended ignores its result: leave the event.
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    cancellation.slot().clear();
    if (cancellation.cancelled() != asio::cancellation_type::none) {
      throw boost::system::system_error(asio::error::operation_aborted);
    }
  }
}

}  // namespace melete::chat
