#include "api/mode_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "modes/effort.h"

namespace melete::api {

namespace {

chat::Mode wished_mode(const ModeWish& wish, std::optional<chat::Effort> effort) {
  if (wish.from_body) return *wish.from_body;
  if (wish.from_model) return *wish.from_model;
  const bool thinks = effort && *effort != chat::Effort::None;
  return thinks ? chat::Mode::Thinking : chat::Mode::Instant;
}

}  // namespace

Result<chat::Request> choose_mode(const ModeWish& wish, chat::Request request) {
  if (wish.from_model && wish.from_body && *wish.from_model != *wish.from_body) {
    return fail(
        ErrorCode::InvalidArgument,
        fmt::format("melete.mode is \"{}\", but the model's name asks for \"{}\": leave one out",
                    chat::name_of(*wish.from_body), chat::name_of(*wish.from_model)),
        "melete.mode");
  }
  request.mode = wished_mode(wish, request.effort);
  request.limits.reasoning_tokens = wish.reasoning_tokens;
  if (!wish.output_tokens) return request;

  const int output = *wish.output_tokens;
  const bool thinks = request.mode != chat::Mode::Instant && request.effort != chat::Effort::None;
  if (!thinks) {
    request.limits.answer_tokens = output;
    return request;
  }
  const int usual = std::min(output / 2, modes::reasoning_budget(request, {}));
  const int reasoning = wish.reasoning_tokens.value_or(usual);
  if (reasoning >= output) {
    return fail(
        ErrorCode::InvalidArgument,
        fmt::format("melete.reasoning_tokens is {} and {} is {}, which counts reasoning and "
                    "answer together: leave room for the answer",
                    reasoning, wish.output_tokens_field, output),
        "melete.reasoning_tokens");
  }
  request.limits.reasoning_tokens = reasoning;
  request.limits.answer_tokens = output - reasoning;
  request.limits.total_tokens = output;
  return request;
}

}  // namespace melete::api
