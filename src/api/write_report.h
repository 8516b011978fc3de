// How several agents made an answer, as JSON: the `melete` object of a whole answer and of the end
// of a streamed one.

#pragma once

#include <string>

#include "base/json.h"
#include "chat/event.h"

namespace melete::api {

Json decision_object(const chat::Decision& decision);

// Strategy, why the agents ended, how many ran, what became of each, votes, tokens of each phase,
// and how the time compares with one chain.
Json report_object(const chat::Report& report);

// An answer's short form; null for free text, which has none.
Json short_answer(const std::string& answer);

}  // namespace melete::api
