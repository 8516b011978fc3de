// Begins answers: at their reader's pace where nothing is stored, at their own where it is, and in
// the background when their turn comes.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "chat/backend.h"
#include "runs/run_queue.h"
#include "runs/run_table.h"

namespace melete::runs {

// An answer to be made.
struct Order {
  std::string id;     // as its caller is told it
  std::string owner;  // a digest of the caller's key
  chat::Request request;
  std::unique_ptr<AnswerWriter> writer;
  Form form = Form::Frames;
  std::optional<store::StoredResponse> record;  // set: it is stored, so the writer has records
};

// All must outlive the runner.
struct RunnerParts {
  chat::Backend& backend;
  store::Database* database = nullptr;  // null: no order may have a record
  boost::asio::any_io_executor worker;  // for calls that block on the database
  std::function<boost::asio::any_io_executor()> next_network_thread;  // for a background answer
};

// Thread-safe. Outlives its runs.
class Runner {
 public:
  Runner(RunnerParts parts, RunQueueLimits limits);

  // Begins at once. A stored answer runs on `executor`; one that is not stored is pulled by its
  // reader, who calls leave() in the end.
  std::shared_ptr<Run> start(Order order, const boost::asio::any_io_executor& executor);
  void leave(const Run& run);

  // Stores the answer as queued and begins it when its turn comes. Overloaded where too many wait;
  // else the error of storing it.
  boost::asio::awaitable<Result<std::shared_ptr<Run>>> enqueue(Order order);

  // The same for one that the database has as queued already.
  void enqueue_again(Order order);

  // As Run::cancel(); its record as it is then.
  Result<Snapshot> cancel(const std::shared_ptr<Run>& run);

  RunTable& table() { return table_; }

  // Begins no more of those that wait, whose readers are sent away; the database keeps them as
  // queued.
  void close() {
    queue_.close();
    table_.hold_over_all();
  }

  // Lets go of all answers that run at their own pace, each on its executor, soon: for a backend
  // that does not end them though they were stopped, since their executors must not go before them.
  void abandon();

 private:
  // An answer at its own pace, and what ends its coroutine.
  struct Pump {
    std::shared_ptr<Run> run;
    boost::asio::any_io_executor executor;
    boost::asio::cancellation_signal end;  // emitted on the executor alone
  };

  void spawn_pump(std::shared_ptr<Run> run, const boost::asio::any_io_executor& executor,
                  std::function<void()> at_end);
  std::shared_ptr<Recorder> recorder_of(const Order& order, RecordState state) const;
  std::shared_ptr<Run> make_run(Order& order, std::shared_ptr<Recorder> recorder);
  void push(std::shared_ptr<Run> run, chat::Request request);

  const RunnerParts parts_;
  RunTable table_;
  RunQueue queue_;
  std::mutex mutex_;
  std::set<std::shared_ptr<Pump>> pumps_;  // guarded by mutex_
};

}  // namespace melete::runs
