#include "base/json.h"

#include <fmt/format.h>

namespace melete {

Result<Json> parse_json(std::string_view text, JsonLimits limits) {
  bool too_deep = false;
  const auto watch_depth = [&](int depth, Json::parse_event_t event, Json&) {
    const bool opens =
        event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start;
    if (opens && depth >= limits.depth) too_deep = true;
    return !too_deep;
  };
  try {
    Json value = Json::parse(text, watch_depth);
    if (too_deep) {
      return fail(ErrorCode::InvalidArgument,
                  fmt::format("The JSON is nested deeper than {} levels.", limits.depth));
    }
    return value;
  } catch (const Json::parse_error& error) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("The JSON cannot be read at byte {}: {}", error.byte, error.what()));
  } catch (const Json::out_of_range& error) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("The JSON holds a number that is too large: {}", error.what()));
  }
}

std::string write_json(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace melete
