// `truncation: "auto"`: the oldest messages are left out where a conversation is longer than the
// model's context.

#pragma once

#include "base/error.h"
#include "chat/request.h"
#include "gateway/router.h"

namespace melete::api::responses {

// Drops whole turns from the front, each from one user's message to the next, until prompt and
// answer fit; instructions and the last turn stay. Room is left for the request's answer tokens, or
// a quarter of the context where it names none or more than half. Counts the prompt some times:
// milliseconds each for a long one.
Result<void> truncate(chat::Request& request, const gateway::Router& router);

}  // namespace melete::api::responses
