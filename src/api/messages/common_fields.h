// Which top-level fields of an Anthropic Messages request are read, which may be said without
// effect, and which are refused because nothing here could honour them.

#pragma once

#include "api/field_rules.h"
#include "api/object_reader.h"

namespace melete::api::messages {

// What the document of the contract is held to.
const FieldRules& field_rules();

// Makes the first field that this server cannot honour the document's error.
void check_fields(ObjectReader& fields);

}  // namespace melete::api::messages
