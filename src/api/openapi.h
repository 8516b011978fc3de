// The contract: what the server takes and gives, as an OpenAPI 3.1 document.

#pragma once

#include <string_view>

namespace melete::api {

// The bytes of src/api/openapi.json. tests/server/openapi_test.cc holds it to the code.
std::string_view openapi_document();

}  // namespace melete::api
