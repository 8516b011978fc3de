// What a model hears of a sound: its log-mel spectrogram, as llama.cpp's mtmd computes it for a
// `qwen3a` projector.
//
// Windows of 25 ms every 10 ms, bands on Slaney's mel scale, the logarithm of their power from the
// loudest down to eight decades below it.

#pragma once

#include <span>
#include <vector>

namespace melete::train {

inline constexpr int kSampleRate = 16000;  // of all sounds, in Hz

// Mono samples of -1 to 1 at kSampleRate.
using Sound = std::vector<float>;

inline constexpr int kChunkFrames = 100;  // a second of sound, and the unit in which it is read
inline constexpr int kChunkTokens = 13;   // the embeddings that one becomes

struct Spectrogram {
  int bands = 0;
  int chunks = 0;
  std::vector<float> values;  // by chunk, band and frame; the last chunk is filled up with zeros
};

// Chunks that a sound of this many samples becomes: one for each second begun, and at least one.
int chunk_count(size_t samples);

// Immutable after construction, so any number of threads may use one.
class LogMel {
 public:
  // `bands` is 8 to 256 and a multiple of 8.
  explicit LogMel(int bands);

  // `sound` has at least two samples. About 5 ms for each second.
  Spectrogram operator()(std::span<const float> sound) const;

 private:
  void powers(const float* window, std::vector<float>& power) const;

  int bands_;
  std::vector<float> window_;   // kWindow weights
  std::vector<float> cosines_;  // by folded sample and frequency
  std::vector<float> sines_;
  std::vector<float> filters_;  // by band and frequency
};

}  // namespace melete::train
