// An embedder without a model, for tests of what stands on chat::Embedder: texts that share words
// lie near each other.

#pragma once

#include "chat/embedder.h"

namespace melete::chat {

// Serves every model name. Each word, or token, adds 1 to one of the dimensions; the sum has length
// 1. Fails as an engine does: Cancelled, and Unsupported for other dimensions.
class FakeEmbedder final : public Embedder {
 public:
  // `dimensions` is at least 1.
  explicit FakeEmbedder(int dimensions = 8) : dimensions_(dimensions) {}

  Result<Embeddings> embed(const EmbedRequest& request) override;

 private:
  const int dimensions_;
};

}  // namespace melete::chat
