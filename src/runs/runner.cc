#include "runs/runner.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

#include "base/log.h"

namespace melete::runs {

namespace asio = boost::asio;

namespace {

void log_fault(const std::exception_ptr& fault) {
  if (!fault) return;
  try {
    std::rethrow_exception(fault);
  } catch (const std::exception& error) {
    log_event(LogLevel::Error, "run_failed", {{"what", std::string(error.what())}});
  }
}

asio::awaitable<void> pump(std::shared_ptr<Run> run) {
  co_await run->pump();
}

asio::awaitable<void> finish(std::shared_ptr<Run> run) {
  co_await run->finish();
}

Starter starter(chat::Backend& backend, chat::Request request) {
  return [&backend, request = std::move(request)]() mutable {
    return backend.start(std::move(request));
  };
}

}  // namespace

Runner::Runner(RunnerParts parts, RunQueueLimits limits)
    : parts_(std::move(parts)), queue_(limits) {}

std::shared_ptr<Recorder> Runner::recorder_of(const Order& order, RecordState state) const {
  if (!order.record) return nullptr;
  return std::make_shared<Recorder>(*parts_.database, parts_.worker, *order.record, state);
}

std::shared_ptr<Run> Runner::make_run(Order& order, std::shared_ptr<Recorder> recorder) {
  const Pace pace = recorder ? Pace::Own : Pace::Reader;
  auto run = std::make_shared<Run>(
      RunOptions{.id = order.id, .owner = order.owner, .pace = pace, .form = order.form},
      std::move(order.writer), std::move(recorder));
  table_.add(run);
  return run;
}

std::shared_ptr<Run> Runner::start(Order order, const asio::any_io_executor& executor) {
  auto run = make_run(order, recorder_of(order, RecordState::New));
  const int choices = chat::choice_count(order.request);
  run->begin(starter(parts_.backend, std::move(order.request)), choices);
  if (run->pace() == Pace::Own) spawn_pump(run, executor, [] {});
  return run;
}

void Runner::spawn_pump(std::shared_ptr<Run> run, const asio::any_io_executor& executor,
                        std::function<void()> at_end) {
  const auto kept = std::make_shared<Pump>();
  kept->run = run;
  kept->executor = executor;
  {
    const std::lock_guard lock(mutex_);
    pumps_.insert(kept);
  }
  auto ended = [this, kept, at_end = std::move(at_end)](const std::exception_ptr& fault) {
    log_fault(fault);
    kept->run->drop();
    {
      const std::lock_guard lock(mutex_);
      pumps_.erase(kept);
    }
    at_end();
  };
  asio::co_spawn(executor, pump(std::move(run)),
                 asio::bind_cancellation_slot(kept->end.slot(), std::move(ended)));
}

void Runner::abandon() {
  const std::lock_guard lock(mutex_);
  for (const std::shared_ptr<Pump>& pump : pumps_) {
    asio::post(pump->executor, [pump] { pump->end.emit(asio::cancellation_type::terminal); });
  }
}

void Runner::leave(const Run& run) {
  if (run.pace() == Pace::Reader) table_.remove(run.id());
}

asio::awaitable<Result<std::shared_ptr<Run>>> Runner::enqueue(Order order) {
  if (const auto room = queue_.has_room(); !room) co_return std::unexpected(room.error());
  const auto recorder = recorder_of(order, RecordState::New);
  auto run = make_run(order, recorder);
  Snapshot queued = run->announce();
  const std::optional<Error> not_stored =
      co_await recorder->settle(std::move(queued), Recorder::Last::No);
  if (not_stored) {
    table_.remove(run->id());
    co_return std::unexpected(*not_stored);
  }
  push(run, std::move(order.request));
  co_return run;
}

void Runner::enqueue_again(Order order) {
  auto run = make_run(order, recorder_of(order, RecordState::Stored));
  run->announce();
  push(std::move(run), std::move(order.request));
}

void Runner::push(std::shared_ptr<Run> run, chat::Request request) {
  const int choices = chat::choice_count(request);
  std::string id = run->id();
  auto job = [this, run = std::move(run), choices,
              start = starter(parts_.backend, std::move(request))] {
    if (!run->begin(start, choices)) return queue_.done();
    spawn_pump(run, parts_.next_network_thread(), [this] { queue_.done(); });
  };
  queue_.push(std::move(id), std::move(job));
}

Result<Snapshot> Runner::cancel(const std::shared_ptr<Run>& run) {
  const auto cancelled = run->cancel();
  if (!cancelled) return std::unexpected(cancelled.error());
  if (*cancelled == Cancelled::Unbegun) {
    queue_.remove(run->id());
    asio::co_spawn(parts_.worker, finish(run), log_fault);
  }
  return *run->snapshot();
}

}  // namespace melete::runs
