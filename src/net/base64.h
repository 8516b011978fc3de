// Base 64 (RFC 4648), as HTTP credentials need it.

#pragma once

#include <string>
#include <string_view>

namespace melete::net {

// With padding, without line breaks.
std::string base64(std::string_view bytes);

}  // namespace melete::net
