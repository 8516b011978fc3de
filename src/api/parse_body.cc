#include "api/parse_body.h"

#include <fmt/format.h>

namespace melete::api {

Result<Json> parse_body(std::string_view body, std::string_view example) {
  auto json = parse_json(body);
  if (!json || json->is_object()) return json;
  return fail(ErrorCode::InvalidArgument,
              fmt::format("The body must be a JSON object, such as {}.", example));
}

}  // namespace melete::api
