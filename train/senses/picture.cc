#include "senses/picture.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace melete::train {

namespace {

constexpr int kChannels = 3;

// Weights are whole numbers of 1/2^22: eight bits of a pixel and two to spare fit into 32.
constexpr int kFractionBits = 22;

// Which input pixels make one output pixel, and by how much.
struct Tap {
  int first = 0;
  std::vector<int32_t> weights;
};

// A triangle over the inputs of each output; as wide as two outputs where the size shrinks.
std::vector<Tap> make_taps(int inputs, int outputs) {
  const double scale = static_cast<double>(inputs) / outputs;
  const double reach = std::max(scale, 1.0);
  std::vector<Tap> taps(outputs);
  for (int output = 0; output < outputs; ++output) {
    const double centre = (output + 0.5) * scale;
    const int first = std::max(0, static_cast<int>(centre - reach + 0.5));
    const int end = std::min(inputs, static_cast<int>(centre + reach + 0.5));
    std::vector<double> shares;
    double total = 0;
    for (int input = first; input < end; ++input) {
      const double distance = std::abs((input - centre + 0.5) / reach);
      shares.push_back(std::max(0.0, 1 - distance));
      total += shares.back();
    }
    taps[output].first = first;
    for (const double share : shares) {
      taps[output].weights.push_back(
          static_cast<int32_t>(std::ldexp(share / total, kFractionBits) + 0.5));
    }
  }
  return taps;
}

// One output value from inputs that lie `stride` apart.
uint8_t blend(const uint8_t* inputs, size_t stride, const Tap& tap) {
  int32_t sum = 1 << (kFractionBits - 1);
  const uint8_t* input = inputs + tap.first * stride;
  for (const int32_t weight : tap.weights) {
    sum += *input * weight;
    input += stride;
  }
  return static_cast<uint8_t>(std::clamp(sum >> kFractionBits, 0, 255));
}

Picture blank(int width, int height) {
  return {width, height, std::vector<uint8_t>(size_t{kChannels} * width * height)};
}

// Rows first, rounded to bytes, then columns.
Picture scale(const Picture& picture, int width, int height) {
  const std::vector<Tap> across = make_taps(picture.width, width);
  const std::vector<Tap> along = make_taps(picture.height, height);
  Picture narrow = blank(width, picture.height);
  for (int y = 0; y < picture.height; ++y) {
    const uint8_t* row = picture.pixels.data() + size_t{kChannels} * y * picture.width;
    uint8_t* out = narrow.pixels.data() + size_t{kChannels} * y * width;
    for (int x = 0; x < width * kChannels; ++x) {
      out[x] = blend(row + x % kChannels, kChannels, across[x / kChannels]);
    }
  }
  Picture scaled = blank(width, height);
  const size_t row_bytes = size_t{kChannels} * width;
  for (int y = 0; y < height; ++y) {
    for (size_t x = 0; x < row_bytes; ++x) {
      scaled.pixels[y * row_bytes + x] = blend(narrow.pixels.data() + x, row_bytes, along[y]);
    }
  }
  return scaled;
}

}  // namespace

Picture fit_into_square(const Picture& picture, int side) {
  if (picture.width == side && picture.height == side) return picture;
  const float factor = std::min(static_cast<float>(side) / static_cast<float>(picture.width),
                                static_cast<float>(side) / static_cast<float>(picture.height));
  const auto fitted = [&](int length) {
    return std::min(static_cast<int>(std::ceil(static_cast<float>(length) * factor)), side);
  };
  const Picture scaled = scale(picture, fitted(picture.width), fitted(picture.height));
  Picture square = blank(side, side);
  const int left = (side - scaled.width) / 2;
  const int top = (side - scaled.height) / 2;
  const size_t row_bytes = size_t{kChannels} * scaled.width;
  for (int y = 0; y < scaled.height; ++y) {
    const size_t target = size_t{kChannels} * (static_cast<size_t>(top + y) * side + left);
    std::copy_n(scaled.pixels.begin() + static_cast<ptrdiff_t>(y * row_bytes), row_bytes,
                square.pixels.begin() + static_cast<ptrdiff_t>(target));
  }
  return square;
}

}  // namespace melete::train
