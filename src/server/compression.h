// Whole replies under gzip, for clients that take it.

#pragma once

#include <string>
#include <string_view>

namespace melete::server {

// Whether an Accept-Encoding header allows gzip (RFC 9110, 12.5.3): by its name or by "*", unless
// with a weight of 0.
bool accepts_gzip(std::string_view accept_encoding);

// True for texts that are long enough to gain by it.
bool worth_compressing(std::string_view content_type, size_t bytes);

// The bytes as a gzip file, at zlib's quickest level: about 100 MB/s.
std::string gzipped(std::string_view bytes);

}  // namespace melete::server
