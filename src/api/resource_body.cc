#include "api/resource_body.h"

namespace melete::api {

Result<Json> read_object(const ResourceRequest& request) {
  if (request.body.empty()) return Json::object();
  auto json = parse_json(request.body);
  if (!json || json->is_object()) return json;
  return fail(ErrorCode::InvalidArgument,
              "The body must be a JSON object, such as {\"metadata\": {\"topic\": \"tea\"}}.");
}

Result<Json> read_stored(std::string_view text) {
  auto json = parse_json(text);
  if (json) return json;
  return fail(ErrorCode::Corrupt, "What was stored is damaged: delete it and make it anew.");
}

}  // namespace melete::api
