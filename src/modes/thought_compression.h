// Thought compression as an option of a request: the model that was taught to say the same in fewer
// tokens, less effort and folding together.

#pragma once

#include <memory>

#include "chat/backend.h"

namespace melete::modes {

// `request` as its level asks for it. Light: the compressed adapter of the model, where one is
// served (BackendInfo::compressed). Strong: that too, the next lower effort and, for a single
// answer in Thinking, folding; what the request itself says of effort's tokens and of folding
// stays.
chat::Request compressed_request(chat::Request request, const chat::Backend& backend);

// Answers `request`, whose compression is not Off, by `backend`, which outlives the stream. Its
// usage tells what was saved where the adapter's file says how much of the reasoning it leaves.
std::unique_ptr<chat::Stream> compress_thoughts(chat::Backend& backend, chat::Request request);

}  // namespace melete::modes
