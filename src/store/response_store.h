// Responses as they are kept: each is one turn, what was asked and what was given.
//
// A response is inserted when its run is accepted and updated as it grows, so that after a crash it
// is there either whole or unfinished with what was written.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace melete::store {

class SessionPool;

// One turn as it is kept: what was asked, what was given, where it belongs.
struct StoredResponse {
  std::string id;
  std::string owner;         // a digest of the caller's key; empty where there are no keys
  std::string status;        // queued, in_progress, completed, incomplete, failed or cancelled
  int64_t created_at = 0;    // seconds since 1970
  std::string previous_id;   // the response that it follows; empty: none
  std::string conversation;  // the conversation that it belongs to; empty: none
  bool background = false;
  std::string request;        // the request's body, JSON
  std::string input;          // JSON array: this turn's input items, each with an id
  std::string response;       // the response object, JSON; its `output` holds the output items
  int64_t last_sequence = 0;  // the sequence number of its last event told
};

// What a later turn needs of an earlier one.
struct StoredTurn {
  std::string status;
  std::string previous_id;
  std::string input;     // as in StoredResponse
  std::string response;  // as in StoredResponse
};

// Thread-safe; every call blocks on the database, so it belongs on a worker thread. Every call
// fails with NotFound for an unknown id and for another owner's alike, and beyond that as
// database_error.h says: Overloaded, StorageFull, Unavailable or Corrupt.
class ResponseStore {
 public:
  explicit ResponseStore(SessionPool& sessions) : sessions_(sessions) {}

  // Conflict where the id is taken.
  Result<void> insert(const StoredResponse& response);

  // Writes `status`, `response` and `last_sequence` of the response with this id and owner; the
  // other fields stay as they were inserted.
  Result<void> update(const StoredResponse& response);

  Result<StoredResponse> find(std::string_view id, std::string_view owner);
  Result<StoredTurn> find_turn(std::string_view id, std::string_view owner);
  Result<void> erase(std::string_view id, std::string_view owner);

  // Erases at most `most` of those, of every owner, that were created before `before` (seconds
  // since 1970), have ended and are followed by no other; gives how many. So a chain of turns stays
  // whole until its last turn is old, and then goes from its end.
  Result<int64_t> erase_old(int64_t before, int most);

  // All that are queued or in progress, of every owner, oldest first. Read once, at the start.
  Result<std::vector<StoredResponse>> unfinished();

 private:
  SessionPool& sessions_;
};

}  // namespace melete::store
