// Which top-level fields of a Chat Completions request are read, which may be said without effect,
// and which are refused because nothing here could honour them.

#pragma once

#include "api/field_rules.h"
#include "api/object_reader.h"

namespace melete::api::chat_completions {

// What the document of the contract is held to.
const FieldRules& field_rules();

// Makes the first field that this server cannot honour the document's error: one of OpenAI's that
// is not built, a value that would change nothing here, or a name that nobody knows.
void check_fields(ObjectReader& fields);

}  // namespace melete::api::chat_completions
