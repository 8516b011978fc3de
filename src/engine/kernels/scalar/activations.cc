#include "engine/kernels/scalar/activations.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace melete::engine::kernels::scalar {
namespace {

// The scale of a block: its largest magnitude / 127, or NaN where a value is not finite.
float scale_of(std::span<const float> values) {
  float largest = 0;
  for (const float value : values) {
    if (!std::isfinite(value)) return std::numeric_limits<float>::quiet_NaN();
    largest = std::max(largest, std::fabs(value));
  }
  const float scale = largest / 127;
  return scale < kSmallestScale ? 0 : scale;
}

void quantize(std::span<const float> values, float scale, int8_t* quants) {
  const float inverse = scale > 0 ? 1 / scale : 0;
  for (size_t k = 0; k < values.size(); k++) {
    const float quant = std::isnan(scale) ? 0 : std::nearbyint(values[k] * inverse);
    quants[k] = static_cast<int8_t>(std::clamp(quant, -127.0f, 127.0f));
  }
}

std::array<int16_t, 2> lane_sums(std::span<const int8_t> quants) {
  std::array<int, 2> sums = {0, 0};
  for (size_t k = 0; k < quants.size(); k++) sums[k % 4 / 2] += quants[k];
  return {static_cast<int16_t>(sums[0]), static_cast<int16_t>(sums[1])};
}

}  // namespace

void quantize_32(const float* values, std::byte* block) {
  auto& out = *reinterpret_cast<Activations32*>(block);
  out.scale = scale_of({values, 32});
  quantize({values, 32}, out.scale, out.quants.data());
  const auto sums = lane_sums(out.quants);
  out.offsets = {static_cast<int16_t>(-8 * sums[0]), static_cast<int16_t>(-8 * sums[1])};
  out.sum = out.scale * static_cast<float>(sums[0] + sums[1]);
}

void quantize_256(const float* values, std::byte* block) {
  auto& out = *reinterpret_cast<Activations256*>(block);
  out.scale = scale_of({values, 256});
  quantize({values, 256}, out.scale, out.quants.data());
  out.sums.fill(0);
  for (int s = 0; s < 16; s++) {
    const auto sums = lane_sums(std::span(out.quants).subspan(16 * s, 16));
    out.offsets[s] = {static_cast<int16_t>(-32 * sums[0]), static_cast<int16_t>(-32 * sums[1])};
    out.sums[s / 2] = static_cast<int16_t>(out.sums[s / 2] + sums[0] + sums[1]);
  }
}

}  // namespace melete::engine::kernels::scalar
