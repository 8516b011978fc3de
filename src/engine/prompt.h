// What goes between a request and the scheduler: prompts as tokens, with pictures and sounds in
// place.

#pragma once

#include <llama.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "chat/message.h"

struct mtmd_input_chunk;

namespace melete::engine {

// One picture or sound inside a prompt. It takes `token_count` cells; its positions may be fewer
// (M-RoPE).
struct MediaSpan {
  size_t first = 0;  // index of its first entry in PromptTokens::tokens
  size_t token_count = 0;
  int position_count = 0;
  uint64_t digest = 0;  // of the encoded bytes: equal digests share cells
  bool whole = false;   // attends both ways: must be decoded in one piece
  std::shared_ptr<mtmd_input_chunk> chunk;
  std::shared_ptr<const std::vector<float>> embeddings;  // token_count rows, once encoded
};

// A prompt, one entry for each cell. Entries of a media span hold LLAMA_TOKEN_NULL.
struct PromptTokens {
  std::vector<llama_token> tokens;
  std::vector<MediaSpan> media;  // in order
};

// A picture or sound in the order of its marker in the rendered text.
struct MediaItem {
  enum class Kind { Image, Audio };
  Kind kind = Kind::Image;
  chat::Bytes bytes;
  std::string label;  // the field to blame
};

}  // namespace melete::engine
