// Which top-level fields of an embeddings request are read.

#pragma once

#include "api/field_rules.h"
#include "api/object_reader.h"

namespace melete::api::embeddings {

// What the document of the contract is held to.
const FieldRules& field_rules();

// Makes the first field that this server does not know the document's error.
void check_fields(ObjectReader& fields);

}  // namespace melete::api::embeddings
