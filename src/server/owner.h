// Who a request belongs to: what it stores is found again by requests with the same key alone.

#pragma once

#include <string>

#include "server/http_reader.h"

namespace melete::server {

// A digest (BLAKE2b, 32 hexadecimal digits) of the bearer token or, where there is none, of the
// x-api-key header; empty without either.
std::string owner_of(const HttpRequest& request);

}  // namespace melete::server
