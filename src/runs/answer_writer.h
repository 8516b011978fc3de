// What a run asks of the dialect that its answer is written in: frames as the answer grows, a body
// at its end, and, where the answer is stored, its record at any moment.

#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "chat/collect.h"
#include "chat/event.h"

namespace melete::runs {

// A stored answer as it is now.
struct Snapshot {
  std::string status;         // queued, in_progress, completed, incomplete, failed or cancelled
  std::string response;       // the whole object, JSON
  int64_t last_sequence = 0;  // the number of the last event that is told with it
};

// The part of a writer whose answer can be stored. It is told between events, never beside one.
class RecordWriter {
 public:
  virtual ~RecordWriter() = default;

  // The answer so far. O(bytes of it).
  virtual Snapshot snapshot() const = 0;

  // The frames that say that the answer waits for its turn. Called before all else, or never.
  virtual std::string write_queued() = 0;

  // It is being answered from now on.
  virtual void mark_begun() = 0;

  // Its caller has ended it: its status is "cancelled" from now on.
  virtual void mark_cancelled() = 0;

  // It could not be stored: it says so from now on.
  virtual void mark_not_stored(const Error& why) = 0;
};

// Writes one answer in a dialect's form: either whole, or event by event as server-sent events.
//
// Not thread-safe: one writer belongs to one answer.
class AnswerWriter {
 public:
  virtual ~AnswerWriter() = default;

  // The frames that `event` causes, ready for the wire; often none, sometimes several. Each ends
  // with a blank line and holds no other.
  virtual std::string write_event(const chat::Event& event) = 0;

  // The frames that end the stream. Called once, after the last event.
  virtual std::string write_end() = 0;

  // The JSON body of a whole answer that did not fail, or why what was written cannot stand for
  // one. A writer with records has been told its events by then, the others have not.
  virtual Result<std::string> write_whole(const chat::Completion& completion) = 0;

  // The JSON body that tells of an error.
  virtual std::string write_error(const Error& error) = 0;

  // This writer as one of records; null where its dialect has none.
  virtual RecordWriter* record() { return nullptr; }
};

}  // namespace melete::runs
