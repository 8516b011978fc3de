// Which top-level fields of a Responses request are read, which may be said without effect, and
// which are refused because nothing here could honour them.

#pragma once

#include "api/field_rules.h"
#include "api/memory.h"
#include "api/object_reader.h"

namespace melete::api::responses {

// What the document of the contract is held to: the rules of a server with a database.
const FieldRules& field_rules();

// Makes the first field that this server cannot honour the document's error. Without a database it
// honours none that is about what is stored, but for `previous_response_id` where turns are kept.
void check_fields(ObjectReader& fields, const Memory& memory);

}  // namespace melete::api::responses
