// Whether a JSON value fits a JSON schema.

#pragma once

#include "base/json.h"

namespace melete::modes {

// Understands type, enum, const, properties, required, additionalProperties, items, prefixItems,
// minItems, maxItems, uniqueItems, minLength, maxLength, minimum, maximum, exclusiveMinimum,
// exclusiveMaximum, multipleOf, anyOf, oneOf, allOf, not, and $ref to a place of the same schema
// ("#/$defs/name"). Other keywords constrain nothing. What is nested deeper than 64 levels does
// not fit, nor what takes more than ten million steps to check.
bool fits_schema(const Json& value, const Json& schema);

}  // namespace melete::modes
