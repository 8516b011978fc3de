// Sizes of our models, as data.

#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "data/media_places.h"

namespace melete::train {

// Which numbers of a head are turned together by the rotary positions: i and i + half a head, or,
// as llama.cpp arranges the weights of "llama", 2 i and 2 i + 1.
enum class RotaryPairs { Halves, Neighbours };

// What learns beside weights that do not: two thin matrices for each map that is named.
struct AdapterConfig {
  int64_t rank = 0;   // inner width; 0: no adapter
  double alpha = 32;  // what is added is multiplied by alpha / rank
  std::set<std::string> maps = {"attn_q",   "attn_k", "attn_v",  "attn_output",
                                "ffn_gate", "ffn_up", "ffn_down"};  // of every block
};

// The transformer. What is not said is as in llama.cpp's architecture "qwen3".
struct DecoderConfig {
  int64_t vocabulary = 512;    // entries; that of text/vocabulary.h
  int64_t width = 128;         // of the residual stream; a multiple of 32
  int64_t layers = 4;          // blocks of attention and feed-forward
  int64_t heads = 4;           // of queries
  int64_t key_heads = 2;       // of keys and values; divides `heads`
  int64_t head_width = 32;     // of each head; even
  int64_t feed_forward = 384;  // inner width of SwiGLU; a multiple of 32
  bool tied = false;           // the head is the embedding's transpose
  int64_t context = 4096;      // longest sequence in tokens, as stated to llama.cpp
  double rope_base = 10000;    // of the rotary angles
  double norm_epsilon = 1e-6;  // added to mean squares
  RotaryPairs rotary_pairs = RotaryPairs::Halves;
  bool head_norms = true;              // queries and keys are normalised, as in "qwen3"
  bool biases = false;                 // queries, keys and values have some, as in "qwen2"
  std::string architecture = "qwen3";  // llama.cpp's name for all of this
  AdapterConfig adapter;
};

// The eye: squares of pixels, projected. llama.cpp's projector "gemma3" without its encoder.
struct VisionConfig {
  int64_t side = 64;    // of the square that a picture is fitted into, in pixels
  int64_t patch = 8;    // side of a patch; divides `side`
  int64_t pool = 1;     // patches along each side that are averaged into one token
  int64_t width = 128;  // of a patch's embedding

  int64_t patches() const { return (side / patch) * (side / patch); }
  int64_t tokens() const { return patches() / (pool * pool); }
};

// The ear: a log-mel spectrogram through three convolutions. llama.cpp's projector "qwen3a" without
// its encoder.
struct SoundConfig {
  int64_t bands = 64;     // of the spectrogram; a multiple of 8
  int64_t channels = 16;  // of the convolutions
  int64_t width = 128;    // of a token before the projection
};

struct ModelConfig {
  std::string name;  // "S", "M" or "L"; empty: none of ours
  DecoderConfig decoder;
  std::optional<VisionConfig> vision;  // unset: it has no eye
  std::optional<SoundConfig> sound;    // unset: it has no ear
};

// A size by its name: S (about 1M parameters, for tests), M (about 5M, for two CPU cores) or L
// (about 34M, for a GPU). Fails with NotFound.
Result<ModelConfig> model_config(std::string_view name);

// What the eye and ear of a size take.
MediaShape media_shape(const ModelConfig& config);

}  // namespace melete::train
