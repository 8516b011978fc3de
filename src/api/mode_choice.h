// Settles how a request is to be thought about, from the places where a caller can say so.
//
// The mode is what the model's name or the body asks for; without either it is Thinking where an
// effort other than `none` is given, else Instant.
//
// A limit on all output (`max_tokens`, `max_completion_tokens`) counts reasoning and answer
// together, as OpenAI's does. In a mode that thinks, reasoning may take what its effort allows, at
// most half of the limit, or what `melete.reasoning_tokens` says; the answer keeps the rest. So no
// answer is empty because the reasoning ate its room.

#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "chat/request.h"

namespace melete::api {

struct ModeWish {
  std::optional<chat::Mode> from_model;  // a suffix of the model's name
  std::optional<chat::Mode> from_body;   // `melete.mode`
  std::optional<int> output_tokens;      // reasoning and answer together
  std::string output_tokens_field;       // which field said so, for errors
  std::optional<int> reasoning_tokens;   // `melete.reasoning_tokens`
};

// Fills mode and limits of `request`, whose effort is already set, and gives it back.
// InvalidArgument where two wishes contradict each other.
Result<chat::Request> choose_mode(const ModeWish& wish, chat::Request request);

}  // namespace melete::api
