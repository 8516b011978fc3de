// Embeddings by a loaded model, in a small context of their own beside the one that chats.
//
// A model that was made for embeddings pools its tokens as its file says. Of any other the vector
// is the mean over its last layer. Vectors have length 1.

#pragma once

#include <llama-cpp.h>

#include <memory>
#include <mutex>
#include <vector>

#include "chat/embedder.h"
#include "engine/loaded_model.h"

namespace melete::engine {

// Thread-safe; calls wait for each other, and take turns with the steps of all models. The context
// (some ten to a hundred MiB) is made by the first call. Must not outlive the model.
class TextEmbedder {
 public:
  explicit TextEmbedder(const LoadedModel& model) : model_(model) {}

  // As chat::Embedder::embed(), whatever model the request names.
  Result<chat::Embeddings> embed(const chat::EmbedRequest& request);

 private:
  using Tokens = std::vector<llama_token>;

  // Consecutive tokens of one input that go into one decode.
  struct Piece {
    size_t input = 0;
    size_t first = 0;
    size_t count = 0;
  };
  using Plan = std::vector<std::vector<Piece>>;

  Result<void> prepare();
  Result<Tokens> tokens_of(const chat::EmbedInput& input, size_t index) const;
  Plan plan(const std::vector<Tokens>& inputs) const;
  Result<void> decode(const std::vector<Piece>& pieces, const std::vector<Tokens>& inputs,
                      std::vector<std::vector<float>>& vectors);
  int sequence_of(const Piece& piece) const;

  const LoadedModel& model_;
  std::mutex mutex_;
  llama_context_ptr context_;  // guarded by mutex_; null: not made yet
  int input_tokens_ = 0;       // most of one input
  int batch_tokens_ = 0;       // most in one decode
  bool pools_ = false;         // the model itself does
};

}  // namespace melete::engine
