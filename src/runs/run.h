// One running answer: it owns the stream, turns its events into numbered frames and keeps those, so
// that readers may come, go, come back, or be two.
//
// An answer that is not stored is pulled by its only reader, so a slow one slows its producer. A
// stored one runs at its own pace into its log, and its record is written as it grows.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "chat/collect.h"
#include "runs/answer_writer.h"
#include "runs/checked_stream.h"
#include "runs/frame_log.h"
#include "runs/recorder.h"
#include "runs/signal.h"

namespace melete::runs {

enum class Pace { Reader, Own };
enum class Form { Frames, Whole };

struct RunOptions {
  std::string id;     // as its caller is told it
  std::string owner;  // a digest of the caller's key
  Pace pace = Pace::Reader;
  Form form = Form::Frames;    // Whole: nobody reads frames; only at the reader's pace
  size_t log_bytes = 4 << 20;  // of frames kept at its own pace; older ones are dropped
  Duration record_interval = std::chrono::seconds(1);  // at most so often is a growing one stored
  const Clock* clock = &system_clock();                // outlives the run
};

// Starts the backend's stream; never blocks.
using Starter = std::function<std::unique_ptr<chat::Stream>()>;

enum class Cancelled { Ending, Unbegun };

// What a caller gets who wants no stream.
struct WholeAnswer {
  std::optional<Error> error;  // set: `body` tells of it
  std::string body;
};

// Thread-safe. At the reader's pace one coroutine alone calls next() and whole(); at its own pace
// any number of them, and one runs pump().
class Run {
 public:
  // `recorder` is null where the answer is not stored; else the writer must have records.
  Run(RunOptions options, std::unique_ptr<AnswerWriter> writer,
      std::shared_ptr<Recorder> recorder = nullptr);

  const std::string& id() const { return options_.id; }
  const std::string& owner() const { return options_.owner; }
  Pace pace() const { return options_.pace; }
  Form form() const { return options_.form; }

  // Tells that the answer waits for its turn; gives its record. Before begin().
  Snapshot announce();

  // Starts the stream, which owes so many choices. Once. False where the answer was cancelled
  // before.
  bool begin(const Starter& start, int choices);

  // Runs the answer to its end. At its own pace.
  boost::asio::awaitable<void> pump();

  // The frames after number `after` (-1: from the first), waiting for some; empty once the answer
  // has ended and there are no more. InvalidArgument where the log has dropped some of them,
  // Overloaded where hold_over() was called first.
  boost::asio::awaitable<Result<Frames>> next(int64_t after);

  // Waits for the end.
  boost::asio::awaitable<WholeAnswer> whole();

  // Set where the answer failed before it told anything.
  std::optional<WholeAnswer> refused() const;

  // The record as it is now; nothing where the answer has none.
  std::optional<Snapshot> snapshot() const;

  // As chat::Stream::control(); Conflict where the answer has not begun or has ended.
  Result<void> control(chat::Control control);

  // Ends the answer for its caller, begun or not: its status is "cancelled" from now on. One that
  // had not begun is then owed finish(). Conflict where it has ended, Unsupported where it has no
  // record.
  Result<Cancelled> cancel();

  // Stores and tells the end. Called by pump(), and once for an answer that was cancelled unbegun.
  boost::asio::awaitable<void> finish();

  // Has next() fail from now on, as this server will not begin the answer; nothing where it has
  // begun.
  void hold_over();

  // Lets go of the answer's stream after pump() was cancelled: its record stays as a crash would
  // leave it. On the executor of pump(); nothing where the answer has ended.
  void drop();

  // Whether it has begun and not ended.
  bool running() const;

  // Whether it has failed, at its beginning or later.
  bool failed() const;

  // When it ended; nothing before.
  std::optional<Instant> ended_at() const;

 private:
  boost::asio::awaitable<bool> advance();
  void take(const chat::Event& event);
  void tell(const std::string& frames);
  void record_growth();
  bool writes_frames() const;
  void write_whole();
  bool end_is_known() const;
  Error over() const;

  const RunOptions options_;
  mutable std::mutex mutex_;
  const std::unique_ptr<AnswerWriter> writer_;  // its calls are guarded by mutex_
  const std::shared_ptr<Recorder> recorder_;
  std::shared_ptr<CheckedStream> stream_;  // guarded by mutex_; null before and after
  FrameLog log_;                           // guarded by mutex_
  chat::Completion completion_;            // guarded by mutex_; where no frames are written
  WholeAnswer whole_;                      // guarded by mutex_
  std::string failure_frames_;             // guarded by mutex_; told with the end
  bool refused_ = false;                   // guarded by mutex_
  bool cancelled_ = false;                 // guarded by mutex_
  bool held_over_ = false;                 // guarded by mutex_
  bool ending_ = false;                    // guarded by mutex_; its end is being stored
  std::optional<Instant> ended_at_;        // guarded by mutex_
  Instant recorded_at_{};                  // guarded by mutex_
  Signal changed_;                         // a frame, or the end
  Signal ended_;
};

}  // namespace melete::runs
