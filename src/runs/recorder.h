// Keeps the stored form of one running answer up to date, off the threads that make the answer.
//
// Writes of one answer never overlap, and while one is under way only the newest state waits: a
// slow database makes the record older, not the answer slower.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <mutex>
#include <optional>

#include "base/error.h"
#include "runs/answer_writer.h"
#include "runs/signal.h"
#include "store/database.h"

namespace melete::runs {

enum class RecordState { New, Stored };  // whether the database has the response already

// Adds the items of a turn that has ended, input then output, to its conversation. Fails as the
// database does. Blocks on it.
Result<void> add_turn(store::Database& database, const store::StoredResponse& record);

// Thread-safe.
class Recorder : public std::enable_shared_from_this<Recorder> {
 public:
  // `worker` runs the blocking calls. The database must outlive them.
  Recorder(store::Database& database, boost::asio::any_io_executor worker,
           store::StoredResponse record, RecordState state);

  // Stores `snapshot` soon. Where the first insertion failed, it is tried again.
  void write(Snapshot snapshot);

  // Stores `snapshot` and waits for it; gives what went wrong with it. With the last one the turn's
  // items are added to its conversation, if it has one. An answer that was refused, so that its
  // caller never heard of it, is erased instead.
  enum class Last { No, Yes, Refused };
  boost::asio::awaitable<std::optional<Error>> settle(Snapshot snapshot, Last last);

 private:
  void take(Snapshot snapshot);
  void write_all();
  Result<void> write_one(const store::StoredResponse& record, Last last);

  store::Database& database_;
  const boost::asio::any_io_executor worker_;
  std::mutex mutex_;
  store::StoredResponse record_;  // guarded by mutex_
  Last last_ = Last::No;          // guarded by mutex_
  bool waiting_ = false;          // guarded by mutex_; record_ is newer than what is being written
  bool writing_ = false;          // guarded by mutex_
  std::optional<Error> error_;    // guarded by mutex_; of the last write
  bool stored_;                   // touched by write_one() alone
  Signal idle_;
};

}  // namespace melete::runs
