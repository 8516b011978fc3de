// An embeddings request as OpenAI defines it, to our vocabulary.

#pragma once

#include <string_view>

#include "base/error.h"
#include "chat/embedder.h"

namespace melete::api::embeddings {

enum class Encoding { Float, Base64 };

struct ReadRequest {
  chat::EmbedRequest request;  // the model's name as the caller wrote it
  Encoding encoding = Encoding::Float;
};

// InvalidArgument with the field to blame. O(bytes).
Result<ReadRequest> read_request(std::string_view body);

}  // namespace melete::api::embeddings
