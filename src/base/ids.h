// Identifiers that cannot be guessed and sort by the time they were made.

#pragma once

#include <string>
#include <string_view>

namespace melete {

// `prefix` followed by 24 characters of base 32: 8 for the millisecond, 16 random. Thread-safe.
std::string make_id(std::string_view prefix);

}  // namespace melete
