#include "api/responses/ended_stream.h"

#include <fmt/format.h>

#include <utility>

#include "base/json.h"

namespace melete::api::responses {

namespace {

// A stored text that is no JSON becomes an object with nothing but the id.
Json response_of(const store::StoredResponse& stored) {
  auto response = parse_json(stored.response);
  if (response && response->is_object()) return std::move(*response);
  return {{"id", stored.id}, {"object", "response"}, {"output", Json::array()}};
}

// Events that a server may have told beyond the record that it left, more than it tells between two
// writes: what follows them is numbered beyond all.
constexpr int64_t kMostUnrecorded = 1'000'000;

void set_status(store::StoredResponse& stored, Json response, std::string status) {
  response["status"] = status;
  stored.status = std::move(status);
  stored.response = write_json(response);
  ++stored.last_sequence;
}

}  // namespace

std::string last_event(const store::StoredResponse& stored, int64_t after) {
  constexpr std::string_view kEnd = "data: [DONE]\n\n";
  if (after >= stored.last_sequence) return std::string(kEnd);
  const bool as_it_is = stored.status == "completed" || stored.status == "failed";
  const std::string type = "response." + (as_it_is ? stored.status : "incomplete");
  const Json event{
      {"type", type}, {"sequence_number", stored.last_sequence}, {"response", response_of(stored)}};
  return fmt::format("event: {}\ndata: {}\n\n{}", type, write_json(event), kEnd);
}

store::StoredResponse interrupted(store::StoredResponse stored) {
  Json response = response_of(stored);
  for (Json& item : response["output"]) {
    if (item.value("status", "") == "in_progress") item["status"] = "incomplete";
  }
  response["incomplete_details"] = {{"reason", "max_output_tokens"}, {"melete", "interrupted"}};
  stored.last_sequence += kMostUnrecorded;
  set_status(stored, std::move(response), "incomplete");
  return stored;
}

store::StoredResponse failed(store::StoredResponse stored, const Error& why) {
  Json response = response_of(stored);
  response["error"] = {{"code", "server_error"}, {"message", why.message}};
  set_status(stored, std::move(response), "failed");
  return stored;
}

}  // namespace melete::api::responses
