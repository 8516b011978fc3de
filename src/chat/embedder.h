// Texts as points in space: what is alike lies near. The interface of everything that embeds.

#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"

namespace melete::chat {

// A text, or the tokens of one as the model's own vocabulary numbers them.
using EmbedInput = std::variant<std::string, std::vector<int32_t>>;

struct EmbedRequest {
  std::string model;
  std::vector<EmbedInput> inputs;  // at least one; none empty
  std::optional<int> dimensions;   // of each vector; unset: the model's own
  std::stop_token stop;            // asks to end early; the answer is Cancelled then
};

struct Embeddings {
  std::vector<std::vector<float>> vectors;  // one for each input, in order, each of length 1
  int64_t tokens = 0;                       // of all inputs
};

// Thread-safe: all calls from any thread.
class Embedder {
 public:
  virtual ~Embedder() = default;

  // Blocks for as long as a model reads all inputs: milliseconds to minutes. NotFound when `model`
  // is not here, InvalidArgument, ContextExceeded and TooLarge with the input to blame
  // (`input[3]`), Unsupported for dimensions that the model does not have.
  virtual Result<Embeddings> embed(const EmbedRequest& request) = 0;
};

}  // namespace melete::chat
