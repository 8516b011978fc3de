// A conversation that has grown too long goes on with a summary in its place, which the model
// writes first.

#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "chat/backend.h"
#include "chat/timer.h"

namespace melete::modes {

// A request whose answer is a summary of the conversation of `request`, at most 1024 tokens, in
// Instant mode.
chat::Request summary_request(const chat::Request& request);

// Puts a message with `summary` in the place of the first `count` messages. Instructions among them
// stay, but for an older summary.
void replace_by_summary(std::vector<chat::Message>& messages, size_t count,
                        std::string_view summary);

// Has `backend` summarise the conversation up to its end, tells that as an Annotation "compaction",
// and answers the last user's message with the summary before it. Its usage counts both, and the
// deadline is that of both together. The backend and the timer outlive the stream.
std::unique_ptr<chat::Stream> compact_first(chat::Backend& backend, chat::Request request,
                                            chat::Timer& timer);

}  // namespace melete::modes
