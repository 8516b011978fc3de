// What a server tells of its agents, read back into our events: the other side of
// src/api/chat_completions/write_events.h and write_report.h.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "chat/event.h"

namespace melete::cli {

// The text or the whole number in field `name`; an empty text and 0 where there is none.
std::string text_at(const Json& json, const char* name);
int64_t number_at(const Json& json, const char* name);

// The event that an object of `type` stands for; nothing for a type from a newer server.
std::vector<chat::Event> read_melete_event(const std::string& type, const Json& json);

// The `melete` object of a whole answer or of a last chunk.
chat::Report read_report(const Json& json);

}  // namespace melete::cli
