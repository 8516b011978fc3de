#include "engine/kernels/q6_k.h"

#include "base/check.h"
#include "engine/kernels/ggml_blocks.h"

namespace melete::engine::kernels {
namespace {

// ggml works in halves of 128: of each, nibbles of k and k + 64 share a byte, and one byte holds
// the upper bits of k, k + 32, k + 64 and k + 96.
int quant_of(const block_q6_K& block, int k) {
  const int half = k / 128;
  const int within = k % 128;
  const int low = block.ql[64 * half + within % 64] >> (within / 64 * 4) & 15;
  const int high = block.qh[32 * half + within % 32] >> (within / 32 * 2) & 3;
  return low | high << 4;
}

template <int kRows>
void pack_row(const block_q6_K& source, int row, PackedQ6K<kRows>& packed) {
  packed.scales[row] = source.d;
  for (int s = 0; s < 16; s++) packed.sub_scales[s][row] = source.scales[s];
  for (int s = 0; s < 8; s++) {
    for (int k = 0; k < 16; k++) {
      const int low = quant_of(source, 32 * s + k);
      const int high = quant_of(source, 32 * s + k + 16);
      packed.low_bits[s][k / 4][row][k % 4] = static_cast<uint8_t>((low & 15) | (high & 15) << 4);
    }
    for (int k = 0; k < 8; k++) {
      int bits = 0;
      for (int quad = 0; quad < 4; quad++) {
        const int quant = quant_of(source, 32 * s + k / 4 * 16 + quad * 4 + k % 4);
        bits |= quant >> 4 << (2 * quad);
      }
      packed.high_bits[s][k / 4][row][k % 4] = static_cast<uint8_t>(bits);
    }
  }
}

template <int kRows>
void pack_rows(std::span<const std::byte* const> sources, std::byte* packed) {
  static constexpr block_q6_K kZeros = {};
  auto& block = *reinterpret_cast<PackedQ6K<kRows>*>(packed);
  for (int row = 0; row < kRows; row++) {
    const auto* source = reinterpret_cast<const block_q6_K*>(sources[row]);
    pack_row(source ? *source : kZeros, row, block);
  }
}

void pack(std::span<const std::byte* const> sources, std::byte* packed) {
  if (sources.size() == 8) return pack_rows<8>(sources, packed);
  MELETE_CHECK(sources.size() == 16, "a group has 8 or 16 rows");
  pack_rows<16>(sources, packed);
}

template <int kRows>
void unpack_row(const PackedQ6K<kRows>& packed, int row, float* weights) {
  const float scale = ggml_fp16_to_fp32(packed.scales[row]);
  for (int k = 0; k < 256; k++) {
    const int s = k / 32;
    const int quad = k % 32 / 4;
    const int low = packed.low_bits[s][quad % 4][row][k % 4] >> (quad / 4 * 4) & 15;
    const int high = packed.high_bits[s][quad / 4][row][k % 4] >> (quad % 4 * 2) & 3;
    weights[k] = scale * packed.sub_scales[k / 16][row] * ((low | high << 4) - 32);
  }
}

void unpack(const std::byte* packed, PackedRow row, float* weights) {
  if (row.group_rows == 8) {
    return unpack_row(*reinterpret_cast<const PackedQ6K<8>*>(packed), row.index, weights);
  }
  unpack_row(*reinterpret_cast<const PackedQ6K<16>*>(packed), row.index, weights);
}

}  // namespace

const Format kQ6K = {.type = GGML_TYPE_Q6_K,
                     .block = 256,
                     .source_block_bytes = sizeof(block_q6_K),
                     .packed_row_bytes = sizeof(PackedQ6K<8>) / 8,
                     .activations = ActivationKind::Blocks256,
                     .pack = pack,
                     .unpack = unpack};

}  // namespace melete::engine::kernels
