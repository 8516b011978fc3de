#include "engine/kernels/q4_k.h"

#include "base/check.h"
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

// ggml puts sub-blocks 2i and 2i + 1 into the low and high nibbles of the same 32 bytes.
uint8_t quant_of(const block_q4_K& block, int s, int k) {
  return (block.qs[s / 2 * 32 + k] >> (s % 2 * 4)) & 15;
}

template <int kRows>
void pack_row(const block_q4_K& source, int row, PackedQ4K<kRows>& packed) {
  packed.scales[row] = source.data.data.d;
  packed.min_scales[row] = source.data.data.dmin;
  for (int s = 0; s < 8; s++) {
    const SubScale sub = sub_scale(source, s);
    packed.sub_scales[s][row] = sub.scale;
    packed.mins[s / 2][row][s % 2] = sub.min;
    for (int k = 0; k < 16; k++) {
      const int low = quant_of(source, s, k);
      const int high = quant_of(source, s, k + 16);
      packed.quants[s][k / 4][row][k % 4] = static_cast<uint8_t>(low | high << 4);
    }
  }
}

template <int kRows>
void pack_rows(std::span<const std::byte* const> sources, std::byte* packed) {
  static constexpr block_q4_K kZeros = {};
  auto& block = *reinterpret_cast<PackedQ4K<kRows>*>(packed);
  for (int row = 0; row < kRows; row++) {
    const auto* source = reinterpret_cast<const block_q4_K*>(sources[row]);
    pack_row(source ? *source : kZeros, row, block);
  }
}

void pack(std::span<const std::byte* const> sources, std::byte* packed) {
  if (sources.size() == 8) return pack_rows<8>(sources, packed);
  MELETE_CHECK(sources.size() == 16, "a group has 8 or 16 rows");
  pack_rows<16>(sources, packed);
}

template <int kRows>
void unpack_row(const PackedQ4K<kRows>& packed, int row, float* weights) {
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

void unpack(const std::byte* packed, PackedRow row, float* weights) {
  if (row.group_rows == 8) {
    return unpack_row(*reinterpret_cast<const PackedQ4K<8>*>(packed), row.index, weights);
  }
  unpack_row(*reinterpret_cast<const PackedQ4K<16>*>(packed), row.index, weights);
}

}  // namespace

const Format kQ4K = {.type = GGML_TYPE_Q4_K,
                     .block = 256,
                     .source_block_bytes = sizeof(block_q4_K),
                     .packed_row_bytes = sizeof(PackedQ4K<8>) / 8,
                     .activations = ActivationKind::Blocks256,
                     .pack = pack,
                     .unpack = unpack};

}  // namespace melete::engine::kernels
