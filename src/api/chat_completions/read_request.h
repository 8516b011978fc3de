// A Chat Completions request as OpenAI defines it, and the `melete` object that goes beyond it, to
// our vocabulary.

#pragma once

#include <string_view>

#include "api/mode_choice.h"
#include "base/error.h"
#include "chat/request.h"

namespace melete::api::chat_completions {

struct ReadRequest {
  chat::Request request;  // the model's name as the caller wrote it; the mode is still open
  ModeWish wish;          // `from_model` is still open
  bool stream = false;
  bool include_usage = false;  // a last chunk tells the usage
  bool events = false;         // agents, votes and decisions are told too
};

// InvalidArgument or Unsupported with the field to blame. O(bytes).
Result<ReadRequest> read_request(std::string_view body);

}  // namespace melete::api::chat_completions
