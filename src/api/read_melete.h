// The `melete` object of a request in any dialect: modes, agents and how they decide.

#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "api/object_reader.h"
#include "api/read_request.h"

namespace melete::api {

// The names of the object's fields.
std::span<const std::string_view> melete_fields();

// The effort in the field `name`; nothing where it is absent or wrong.
std::optional<chat::Effort> read_effort(ObjectReader& fields, std::string_view name);

// Reads the object into `read`, whose effort is already set. An unknown field is an error: it would
// change nothing that the caller could see.
void read_melete(ObjectReader& fields, ReadRequest& read);

}  // namespace melete::api
