// Vectors as OpenAI's clients read them.

#pragma once

#include <string>
#include <string_view>

#include "api/embeddings/read_request.h"
#include "chat/embedder.h"

namespace melete::api::embeddings {

// The body of the answer. Numbers are written as short as they can be read back exactly; base 64 is
// of the vector's floats, lowest byte first. O(numbers).
std::string write_response(std::string_view model, Encoding encoding,
                           const chat::Embeddings& embeddings);

}  // namespace melete::api::embeddings
