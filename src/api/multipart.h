// Forms with files, as browsers and clients upload them: multipart/form-data (RFC 7578).
//
// Debian has no C++ library that reads them from a body in memory and brings no framework with it;
// the format is small. Nothing is decoded but the names: what a part holds is its bytes as they
// came.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace melete::api {

// One field of a form.
struct FormPart {
  std::string name;
  std::string file_name;     // empty: it is no file
  std::string_view content;  // not owned: lies in the body
};

// The parts of `body` in their order, at most 64. `content_type` is the request's, with the
// boundary. InvalidArgument where it is no such form or one that is malformed or cut. O(bytes).
Result<std::vector<FormPart>> read_multipart(std::string_view body, std::string_view content_type);

}  // namespace melete::api
