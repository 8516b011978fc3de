// What a mode's agents do, told inside a stream of any dialect to callers who asked for it.

#pragma once

#include "base/json.h"
#include "chat/event.h"

namespace melete::api {

// An object of type `melete.agent.started`, `melete.agent.progress`, `melete.agent.answer`,
// `melete.agent.ended`, `melete.vote` or `melete.decision`; null for another event. Its `choices`
// is empty, so that a reader of chunks passes over it.
Json melete_event(const chat::Event& event);

}  // namespace melete::api
