// Pictures and sounds for a model with a projector: llama.cpp's mtmd behind values and errors.
//
// What would end the process inside mtmd or ggml is refused or avoided here: files without pixels
// or samples, bombs, pictures that attend both ways and exceed one decode, grids with more sides
// than the projector has positions.

#pragma once

#include <llama.h>
#include <mtmd.h>

#include <filesystem>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "engine/embedding_cache.h"
#include "engine/picture_grid.h"
#include "engine/prompt.h"

namespace melete::engine {

struct MediaEncoderOptions {
  int threads = 1;          // for encoding, at least 1
  int ubatch_tokens = 512;  // n_ubatch of the context that decodes: the largest picture in tokens
  bool use_gpu = true;      // ignored without a GPU
};

// The tokens of a text for a model without a projector. Special tokens are parsed; BOS comes first
// where the vocabulary adds one and the text does not bring its own. Thread-safe; O(text).
PromptTokens tokenize_text(const llama_vocab* vocab, std::string_view text);

// The eyes and ears of one model. Must not outlive the model.
class MediaEncoder {
 public:
  // Loads a projector file. When its largest picture attends both ways and would exceed one decode,
  // pictures are scaled down to fit. Fails with Corrupt (damaged, or made for another model) or
  // Unsupported (no picture fits into `ubatch_tokens`). A file of unknown origin must have passed
  // probe_model. Up to seconds.
  static Result<std::unique_ptr<MediaEncoder>> load(const std::filesystem::path& projector,
                                                    const llama_model* model,
                                                    const MediaEncoderOptions& options);

  bool images() const;
  bool audio() const;

  // Floats in one row of encode().
  int embedding_width() const { return embedding_width_; }

  // The tokens of a text with one mtmd marker for each item, in order. Equal bytes have equal
  // digests. Fails, naming the item's label, with Unsupported (no eyes, no ears, WebP), TooLarge or
  // InvalidArgument (what media/ refuses, what cannot be decoded, a shape that this model cannot
  // take), and with Internal when markers and items differ in number. Thread-safe; decodes the
  // items, so up to a second for large pictures.
  Result<PromptTokens> tokenize(std::string_view text, const std::vector<MediaItem>& items) const;

  // The rows of a span: token_count times embedding_width() floats. Fails with Internal.
  // Thread-safe, one at a time; the most expensive call of a prompt with media.
  Result<std::vector<float>> encode(const MediaSpan& span);

  // The same, without encoding again what was encoded lately. Thread-safe.
  Result<Embeddings> encode_once(const MediaSpan& span);

  // Puts a span's rows into the cells of `sequence` from `position` on, in one ubatch when it
  // attends both ways, and returns the position after it. No logits are computed: text must follow.
  // On failure the sequence is as before: Overloaded when no cells are left, TooLarge when the
  // context's ubatch is too small, Internal else. Engine thread only.
  Result<int> decode(llama_context* context, const MediaSpan& span, const float* embeddings,
                     llama_pos position, llama_seq_id sequence);

 private:
  static constexpr size_t kCacheBytes = size_t{128} << 20;

  MediaEncoder(mtmd::context_ptr projector, const llama_model* model, int ubatch_tokens);

  struct Decoded {
    const MediaItem* item;
    mtmd::bitmap bitmap;
    uint64_t digest;
    uint64_t slices;  // spans made of it so far
  };

  Result<int64_t> judge(const MediaItem& item) const;
  Result<mtmd::bitmap> read_item(const MediaItem& item) const;
  Result<std::vector<Decoded>> read_items(const std::vector<MediaItem>& items) const;
  Result<mtmd::input_chunks_ptr> split(std::string_view text,
                                       const std::vector<Decoded>& items) const;
  Result<MediaSpan> make_span(const mtmd_input_chunk* chunk, Decoded& decoded) const;

  mtmd::context_ptr projector_;
  const llama_vocab* vocab_;
  int embedding_width_;
  int ubatch_tokens_;
  PictureGrid grid_;
  std::mutex encoding_;  // mtmd encodes into one buffer
  std::mutex cached_;
  EmbeddingCache cache_{kCacheBytes};  // guarded by cached_
};

}  // namespace melete::engine
