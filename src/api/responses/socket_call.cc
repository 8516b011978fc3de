#include "api/responses/socket_call.h"

#include <fmt/format.h>

#include <array>
#include <string>
#include <utility>

#include "api/object_reader.h"
#include "api/responses/call.h"

namespace melete::api::responses {

namespace {

struct Refused {
  std::string_view name;
  std::string_view why;
};

constexpr std::array kRefused = std::to_array<Refused>({
    {"stream", "an answer always comes as events here, so leave it out"},
    {"stream_options", "an answer always comes as events here, so leave it out"},
    {"background", "use POST /v1/responses for an answer that nobody waits for"},
    {"stream_id", "a connection answers one turn after the other, so use several"},
});

void refuse_fields(ObjectReader& fields) {
  for (const auto& [name, why] : kRefused) {
    if (!fields.any(name)) continue;
    fields.refuse(ErrorCode::InvalidArgument, name,
                  fmt::format("{} cannot be said on a WebSocket: {}", name, why));
  }
}

}  // namespace

SocketCall read_socket_call(std::string_view message, const CallContext& context) {
  SocketCall asked;
  auto body = parse_json(message);
  if (!body || !body->is_object()) {
    asked.call = body ? fail(ErrorCode::InvalidArgument,
                             "A message must be a JSON object, such as {\"type\": "
                             "\"response.create\", \"input\": \"Hello\"}.")
                      : std::unexpected(body.error());
    return asked;
  }
  FirstError error;
  ObjectReader fields(*body, "", error);
  fields.require("type");
  fields.choice("type", {"response.create"});
  refuse_fields(fields);
  asked.answered = fields.boolean("generate").value_or(true);
  const Json* follows = fields.any("previous_response_id");
  if (follows && follows->is_string()) asked.follows = follows->get<std::string>();
  if (error) {
    asked.call = std::unexpected(*error);
    return asked;
  }
  body->erase("type");
  body->erase("generate");
  (*body)["stream"] = true;
  if (!asked.answered) (*body)["store"] = false;
  asked.call = read_call(write_json(*body), context);
  return asked;
}

}  // namespace melete::api::responses
