#include "senses/spectrogram.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "base/check.h"

namespace melete::train {

namespace {

constexpr int kWindow = 400;
constexpr int kHop = 160;
constexpr int kHalf = kWindow / 2;
constexpr int kFrequencies = kHalf + 1;
constexpr double kFloor = 5.960464477539063e-08;  // 2^-24: the least power that counts
constexpr double kDecades = 8;

// Slaney's scale: linear up to 1000 Hz, then 27 steps for each factor of 6.4.
constexpr double kLinearEnd = 1000;
constexpr double kLinearSlope = 3.0 / 200;
const double kLogStep = std::log(6.4) / 27;

double to_mel(double hertz) {
  if (hertz < kLinearEnd) return hertz * kLinearSlope;
  return kLinearEnd * kLinearSlope + std::log(hertz / kLinearEnd) / kLogStep;
}

double to_hertz(double mel) {
  constexpr double kEnd = kLinearEnd * kLinearSlope;
  return mel < kEnd ? mel / kLinearSlope : kLinearEnd * std::exp((mel - kEnd) * kLogStep);
}

// Triangles of equal area over neighbouring bands.
std::vector<float> make_filters(int bands) {
  const double top = to_mel(kSampleRate / 2.0);
  const auto edge = [&](int index) { return to_hertz(top * index / (bands + 1)); };
  std::vector<float> filters(static_cast<size_t>(bands) * kFrequencies);
  for (int band = 0; band < bands; ++band) {
    const double low = edge(band);
    const double centre = edge(band + 1);
    const double high = edge(band + 2);
    for (int bin = 0; bin < kFrequencies; ++bin) {
      const double hertz = static_cast<double>(bin) * kSampleRate / kWindow;
      const double rise = (hertz - low) / (centre - low);
      const double fall = (high - hertz) / (high - centre);
      const double height = std::max(0.0, std::min(rise, fall)) * 2 / (high - low);
      filters[static_cast<size_t>(band) * kFrequencies + bin] = static_cast<float>(height);
    }
  }
  return filters;
}

// The sound with half a window mirrored at each end, as far as it has samples for it.
std::vector<float> with_mirrored_ends(std::span<const float> sound) {
  std::vector<float> padded(sound.size() + kWindow);
  std::ranges::copy(sound, padded.begin() + kHalf);
  const auto count = std::ssize(sound);
  for (ptrdiff_t i = 0; i < kHalf; ++i) {
    if (kHalf - i < count) padded[i] = sound[kHalf - i];
    if (count - 2 - i >= 0) padded[count + kHalf + i] = sound[count - 2 - i];
  }
  return padded;
}

}  // namespace

int chunk_count(size_t samples) {
  const size_t frames = samples / kHop + 1;
  return static_cast<int>((frames + kChunkFrames - 1) / kChunkFrames);
}

LogMel::LogMel(int bands) : bands_(bands), filters_(make_filters(bands)) {
  MELETE_CHECK(bands >= 8 && bands <= 256 && bands % 8 == 0, "8 to 256 bands, a multiple of 8");
  for (int i = 0; i < kWindow; ++i) {
    const double angle = 2 * std::numbers::pi * i / kWindow;
    window_.push_back(static_cast<float>(0.5 * (1 - std::cos(angle))));
  }
  for (int i = 0; i <= kHalf; ++i) {
    for (int bin = 0; bin < kFrequencies; ++bin) {
      const double angle = 2 * std::numbers::pi * (i * bin % kWindow) / kWindow;
      cosines_.push_back(static_cast<float>(std::cos(angle)));
      sines_.push_back(static_cast<float>(std::sin(angle)));
    }
  }
}

// A Fourier transform of real samples: sample i and sample -i share their cosine, and their sines
// differ in sign only.
void LogMel::powers(const float* window, std::vector<float>& power) const {
  float real[kFrequencies] = {};
  float imaginary[kFrequencies] = {};
  for (int i = 0; i <= kHalf; ++i) {
    const float one = window_[i] * window[i];
    const bool alone = i == 0 || i == kHalf;
    const float other = alone ? 0 : window_[kWindow - i] * window[kWindow - i];
    const float sum = one + other;
    const float difference = one - other;
    const float* cosines = cosines_.data() + static_cast<size_t>(i) * kFrequencies;
    const float* sines = sines_.data() + static_cast<size_t>(i) * kFrequencies;
    for (int bin = 0; bin < kFrequencies; ++bin) {
      real[bin] += sum * cosines[bin];
      imaginary[bin] += difference * sines[bin];
    }
  }
  for (int bin = 0; bin < kFrequencies; ++bin) {
    power[bin] = real[bin] * real[bin] + imaginary[bin] * imaginary[bin];
  }
}

Spectrogram LogMel::operator()(std::span<const float> sound) const {
  MELETE_CHECK(sound.size() >= 2, "a sound has at least two samples");
  const std::vector<float> padded = with_mirrored_ends(sound);
  const int frames = static_cast<int>(sound.size() / kHop) + 1;
  Spectrogram result{.bands = bands_, .chunks = chunk_count(sound.size()), .values = {}};
  result.values.resize(static_cast<size_t>(result.chunks) * bands_ * kChunkFrames);
  const auto place = [&](int band, int frame) -> float& {
    const int chunk = frame / kChunkFrames;
    return result
        .values[(static_cast<size_t>(chunk) * bands_ + band) * kChunkFrames + frame % kChunkFrames];
  };
  std::vector<float> power(kFrequencies);
  double loudest = std::log10(kFloor);
  for (int frame = 0; frame < frames; ++frame) {
    powers(padded.data() + static_cast<size_t>(frame) * kHop, power);
    for (int band = 0; band < bands_; ++band) {
      const float* filter = filters_.data() + static_cast<size_t>(band) * kFrequencies;
      double sum = 0;
      for (int bin = 0; bin < kFrequencies; ++bin) sum += power[bin] * filter[bin];
      const double level = std::log10(std::max(sum, kFloor));
      loudest = std::max(loudest, level);
      place(band, frame) = static_cast<float>(level);
    }
  }
  for (int frame = 0; frame < frames; ++frame) {
    for (int band = 0; band < bands_; ++band) {
      float& value = place(band, frame);
      value = static_cast<float>((std::max<double>(value, loudest - kDecades) + 4) / 4);
    }
  }
  return result;
}

}  // namespace melete::train
