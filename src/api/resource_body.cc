#include "api/resource_body.h"

#include "api/parse_body.h"

namespace melete::api {

Result<Json> read_object(const ResourceRequest& request) {
  if (request.body.empty()) return Json::object();
  return parse_body(request.body, R"({"metadata": {"topic": "tea"}})");
}

Result<Json> read_stored(std::string_view text) {
  auto json = parse_json(text);
  if (json) return json;
  return fail(ErrorCode::Corrupt, "What was stored is damaged: delete it and make it anew.");
}

}  // namespace melete::api
