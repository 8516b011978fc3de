#include "api/field_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace melete::api {

namespace {

void check_field(ObjectReader& fields, const std::string& name, const FieldRules& rules) {
  if (std::ranges::find(rules.known, name) != rules.known.end()) return;
  const auto refused = std::ranges::find(rules.refused, name, &RefusedField::name);
  if (refused != rules.refused.end()) {
    fields.refuse(ErrorCode::Unsupported, name,
                  fmt::format("{} is not supported: {}", name, refused->way_out));
    return;
  }
  const auto fixed = std::ranges::find(rules.fixed, name, &FixedField::name);
  if (fixed == rules.fixed.end()) {
    fields.refuse(
        ErrorCode::InvalidArgument, name,
        fmt::format("{} is not a field of this request: correct its name or leave it out", name));
    return;
  }
  const std::string value = write_json(*fields.any(name));
  if (std::ranges::find(fixed->accepted, value) != fixed->accepted.end()) return;
  fields.refuse(
      ErrorCode::Unsupported, name,
      fmt::format("{} can only be {} here: {}", name, fixed->accepted[0], fixed->way_out));
}

}  // namespace

void check_fields(ObjectReader& fields, const FieldRules& rules) {
  for (const auto& [name, value] : fields.json().items()) {
    if (!value.is_null()) check_field(fields, name, rules);
  }
}

}  // namespace melete::api
