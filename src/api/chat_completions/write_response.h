// A whole answer as a `chat.completion` object, and the pieces that its chunks share.
//
// `finish_reason` is OpenAI's nearest word. An answer that was ended from outside (stopped,
// deadline) is "length" there, because it is incomplete, and its choice says what happened in
// `melete.finish_reason`.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "chat/collect.h"
#include "chat/event.h"

namespace melete::api::chat_completions {

// What every chunk of one answer repeats.
struct AnswerHead {
  std::string id;       // "chatcmpl-..."
  int64_t created = 0;  // seconds since 1970
  std::string model;    // as the caller named it
};

// The body of the answer. Answers that were counted or merged from several tell how under `melete`.
std::string write_response(const AnswerHead& head, const chat::Completion& completion);

// "stop", "length", "tool_calls" or "content_filter".
std::string_view finish_reason_of(chat::FinishReason reason);

// What OpenAI's words cannot tell about an end; null where they can.
Json finish_details(chat::FinishReason reason);

Json usage_object(const chat::Usage& usage);

// {"content": [...], "refusal": null}
Json logprobs_object(const std::vector<chat::TokenLogprob>& logprobs);

}  // namespace melete::api::chat_completions
