#include "chat/virtual_clock.h"

#include <algorithm>
#include <boost/asio/append.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

namespace melete::chat {

namespace asio = boost::asio;

VirtualClock::~VirtualClock() {
  forget_waiters();
}

Instant VirtualClock::now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

awaitable<void> VirtualClock::sleep_until(Instant when) {
  while (now() < when) co_await wait(when, nullptr);
}

awaitable<void> VirtualClock::wait(Instant when, const void* owner) {
  co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(boost::system::error_code)>(
      [this, when, owner](auto handler) {
        using Handler = decltype(handler);
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto shared = std::make_shared<Handler>(std::move(handler));
        const std::lock_guard lock(mutex_);
        const uint64_t id = ++next_id_;
        if (slot.is_connected()) slot.assign([this, id](asio::cancellation_type) { cancel(id); });
        waiters_.push_back({id, when, owner, [shared](bool aborted) {
                              boost::system::error_code result;
                              if (aborted) result = asio::error::operation_aborted;
                              const auto executor = asio::get_associated_executor(*shared);
                              asio::post(executor, asio::append(std::move(*shared), result));
                            }});
      },
      asio::use_awaitable);
}

void VirtualClock::wake(const void* owner) {
  const std::lock_guard lock(mutex_);
  for (const Waiter& waiter : waiters_) {
    if (waiter.owner == owner) waiter.resume(false);
  }
  std::erase_if(waiters_, [owner](const Waiter& waiter) { return waiter.owner == owner; });
}

void VirtualClock::cancel(uint64_t id) {
  const std::lock_guard lock(mutex_);
  const auto waiter = std::ranges::find(waiters_, id, &Waiter::id);
  if (waiter == waiters_.end()) return;
  waiter->resume(true);
  waiters_.erase(waiter);
}

bool VirtualClock::advance() {
  const std::lock_guard lock(mutex_);
  const auto next = std::ranges::min_element(waiters_, {}, &Waiter::when);
  if (next == waiters_.end() || next->when == kNever) return false;
  now_ = std::max(now_, next->when);
  next->resume(false);
  waiters_.erase(next);
  return true;
}

void VirtualClock::forget_waiters() {
  std::vector<Waiter> forgotten;
  {
    const std::lock_guard lock(mutex_);
    forgotten.swap(waiters_);
  }
}

bool VirtualClock::run(awaitable<void> work) {
  asio::io_context context(1);
  bool done = false;
  asio::co_spawn(context, std::move(work), [&done](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
    done = true;
  });
  do {
    context.restart();
    context.poll();
  } while (!done && advance());
  forget_waiters();
  return done;
}

Completion VirtualClock::collect(Stream& stream, std::function<void(const Event&)> watch) {
  Completion completion;
  const bool ended = run([](Stream& stream, std::function<void(const Event&)> watch,
                            Completion& completion) -> awaitable<void> {
    while (std::optional<Event> event = co_await stream.next()) {
      if (watch) watch(*event);
      add_event(completion, *event);
    }
  }(stream, std::move(watch), completion));
  if (completion.choices.empty()) completion.choices.resize(1);
  if (!ended)
    completion.error = Error{ErrorCode::DeadlineExceeded, "the stream waits for ever", ""};
  return completion;
}

}  // namespace melete::chat
