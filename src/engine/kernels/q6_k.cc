#include "engine/kernels/q6_k.h"

#include "engine/kernels/ggml_blocks.h"

namespace melete::engine::kernels {
namespace {

// ggml works in halves of 128: of each, nibbles of k and k + 64 share a byte, and one byte holds
// the upper bits of k, k + 32, k + 64 and k + 96.
uint32_t quad_of(const block_q6_K& block, int k) {
  const int half = k / 128;
  const int within = k % 128;
  const uint32_t low = load_quad(&block.ql[64 * half + within % 64]) >> (within / 64 * 4);
  const uint32_t high = load_quad(&block.qh[32 * half + within % 32]) >> (within / 32 * 2);
  return (low & 0x0f0f0f0f) | (high & 0x03030303) << 4;
}

void pack_row(const block_q6_K& source, int row, PackedQ6K& packed) {
  packed.scales[row] = source.d;
  for (int s = 0; s < 16; s++) packed.sub_scales[s][row] = source.scales[s];
  for (int s = 0; s < 16; s++) {
    const uint32_t fourth = quad_of(source, 16 * s + 12);
    for (int quad = 0; quad < 3; quad++) {
      const uint32_t two_bits = fourth >> (4 - 2 * quad) & 0x03030303;
      store_quad(quad_of(source, 16 * s + 4 * quad) | two_bits << 6, packed.quants[s][quad][row]);
    }
  }
}

void pack(std::span<const std::byte* const> sources, std::byte* packed) {
  static constexpr block_q6_K kZeros = {};
  auto& block = *reinterpret_cast<PackedQ6K*>(packed);
  for (int row = 0; row < kGroupRows; row++) {
    const auto* source = reinterpret_cast<const block_q6_K*>(sources[row]);
    pack_row(source ? *source : kZeros, row, block);
  }
}

void unpack(const std::byte* bytes, int row, float* weights) {
  const auto& packed = *reinterpret_cast<const PackedQ6K*>(bytes);
  const float scale = ggml_fp16_to_fp32(packed.scales[row]);
  for (int k = 0; k < 256; k++) {
    weights[k] = scale * packed.sub_scales[k / 16][row] * (quant_at(packed, row, k) - 32);
  }
}

}  // namespace

const Format kQ6K = {.type = GGML_TYPE_Q6_K,
                     .block = 256,
                     .source_block_bytes = sizeof(block_q6_K),
                     .packed_block_bytes = sizeof(PackedQ6K),
                     .activations = ActivationKind::Blocks256,
                     .pack = pack,
                     .unpack = unpack};

}  // namespace melete::engine::kernels
