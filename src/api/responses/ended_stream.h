// Stored responses whose answers no longer run: the end of their events, and their form after a
// crash.

#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "store/response_store.h"

namespace melete::api::responses {

// The frames that end the stream of a response that has ended; without its last event where that
// has been seen (`after` is its number or more).
std::string last_event(const store::StoredResponse& stored, int64_t after);

// A response that was being written when the server ended: incomplete, with what there is.
store::StoredResponse interrupted(store::StoredResponse stored);

// A queued response that cannot be answered any more.
store::StoredResponse failed(store::StoredResponse stored, const Error& why);

}  // namespace melete::api::responses
