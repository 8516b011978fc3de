// Base 64 (RFC 4648), as JSON carries bytes and HTTP credentials.

#pragma once

#include <string>
#include <string_view>

namespace melete {

// With padding, without line breaks.
std::string base64(std::string_view bytes);

}  // namespace melete
