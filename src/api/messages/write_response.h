// A whole answer as a `message` object, and the pieces that its events share.
//
// Reasoning is a `thinking` block whose text is readable. Its signature is a constant: thoughts of
// open models need no proof of where they come from, and any signature is taken back.

#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "chat/collect.h"
#include "chat/event.h"

namespace melete::api::messages {

constexpr std::string_view kSignature = "melete";

struct AnswerHead {
  std::string id;     // "msg_..."
  std::string model;  // as the caller named it
};

// The body of the answer: the first choice, for this dialect knows one. Answers that were counted
// or merged from several tell how under `melete`.
std::string write_response(const AnswerHead& head, const chat::Completion& completion);

// The message without content and end, as it stands when an answer begins.
Json message_head(const AnswerHead& head);

// "end_turn", "max_tokens", "stop_sequence", "tool_use" or "refusal".
std::string_view stop_reason_of(const chat::Finished& finished);

// Cached tokens are apart from the other input here.
Json usage_object(const chat::Usage& usage);

// A tool's arguments as an object; what is no JSON object stands under "arguments" as text.
Json call_input(const std::string& arguments);

}  // namespace melete::api::messages
