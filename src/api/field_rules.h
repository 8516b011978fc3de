// Which top-level fields a dialect reads, which may be said without effect, and which are refused
// because nothing here could honour them.

#pragma once

#include <array>
#include <span>
#include <string_view>

#include "api/object_reader.h"

namespace melete::api {

struct RefusedField {
  std::string_view name;
  std::string_view way_out = "leave it out";  // what to do instead, as the end of a sentence
};

// Only some values mean what happens here anyway.
struct FixedField {
  std::string_view name;
  std::array<std::string_view, 2> accepted;  // JSON texts
  std::string_view way_out = "leave it out";
};

struct FieldRules {
  // Read elsewhere, or harmless: they change nothing that the caller could miss.
  std::span<const std::string_view> known;
  std::span<const RefusedField> refused;
  std::span<const FixedField> fixed;
};

// Makes the first field that cannot be honoured the document's error: one that is refused, a value
// that would change nothing here, or a name that nobody knows.
void check_fields(ObjectReader& fields, const FieldRules& rules);

}  // namespace melete::api
