#include "engine/kernels/q4_k.h"

#include "engine/kernels/ggml_blocks.h"

namespace melete::engine::kernels {
namespace {

struct SubScale {
  uint8_t scale;
  uint8_t min;
};

// ggml keeps eight scales and eight mins of six bits in twelve bytes: the first four of each in the
// low bits of bytes 0..7; of the others the low four bits are in bytes 8..11 and the high two above
// the first.
SubScale sub_scale(const block_q4_K& block, int s) {
  const uint8_t* bytes = block.scales;
  if (s < 4) {
    return {static_cast<uint8_t>(bytes[s] & 63), static_cast<uint8_t>(bytes[s + 4] & 63)};
  }
  return {static_cast<uint8_t>((bytes[s + 4] & 15) | ((bytes[s - 4] >> 6) << 4)),
          static_cast<uint8_t>((bytes[s + 4] >> 4) | ((bytes[s] >> 6) << 4))};
}

void pack_row(const block_q4_K& source, int row, PackedQ4K& packed) {
  packed.scales[row] = source.data.data.d;
  packed.min_scales[row] = source.data.data.dmin;
  for (int s = 0; s < 8; s++) {
    const SubScale sub = sub_scale(source, s);
    packed.sub_scales[s][row] = sub.scale;
    packed.mins[s / 2][row][s % 2] = sub.min;
  }
  // ggml has sub-blocks 2i and 2i + 1 in the low and high nibbles of the same 32 bytes.
  constexpr uint32_t kLow = 0x0f0f0f0f;
  for (int pair = 0; pair < 4; pair++) {
    for (int quad = 0; quad < 4; quad++) {
      const uint32_t first = load_quad(&source.qs[32 * pair + 4 * quad]);
      const uint32_t second = load_quad(&source.qs[32 * pair + 4 * quad + 16]);
      store_quad((first & kLow) | (second & kLow) << 4, packed.quants[2 * pair][quad][row]);
      store_quad((first >> 4 & kLow) | (second & ~kLow), packed.quants[2 * pair + 1][quad][row]);
    }
  }
}

void pack(std::span<const std::byte* const> sources, std::byte* packed) {
  static constexpr block_q4_K kZeros = {};
  auto& block = *reinterpret_cast<PackedQ4K*>(packed);
  for (int row = 0; row < kGroupRows; row++) {
    const auto* source = reinterpret_cast<const block_q4_K*>(sources[row]);
    pack_row(source ? *source : kZeros, row, block);
  }
}

void unpack(const std::byte* bytes, int row, float* weights) {
  const auto& packed = *reinterpret_cast<const PackedQ4K*>(bytes);
  const float scale = ggml_fp16_to_fp32(packed.scales[row]);
  const float min_scale = ggml_fp16_to_fp32(packed.min_scales[row]);
  for (int s = 0; s < 8; s++) {
    const float step = scale * packed.sub_scales[s][row];
    const float min = min_scale * packed.mins[s / 2][row][s % 2];
    for (int k = 0; k < 32; k++) {
      const uint8_t both = packed.quants[s][k % 16 / 4][row][k % 4];
      weights[32 * s + k] = step * (k < 16 ? both & 15 : both >> 4) - min;
    }
  }
}

}  // namespace

const Format kQ4K = {.type = GGML_TYPE_Q4_K,
                     .block = 256,
                     .source_block_bytes = sizeof(block_q4_K),
                     .packed_block_bytes = sizeof(PackedQ4K),
                     .activations = ActivationKind::Blocks256,
                     .pack = pack,
                     .unpack = unpack};

}  // namespace melete::engine::kernels
