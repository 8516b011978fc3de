#include "engine/kernels/q4_0.h"

#include "engine/kernels/ggml_blocks.h"

namespace melete::engine::kernels {
namespace {

void pack_row(const block_q4_0& source, int row, PackedQ4_0& packed) {
  packed.scales[row] = source.d;
  // ggml has k and k + 16 in one byte, which is how quads i and i + 4 lie here.
  for (int quad = 0; quad < 4; quad++) {
    store_quad(load_quad(&source.qs[4 * quad]), packed.quants[quad][row]);
  }
}

void pack(std::span<const std::byte* const> sources, std::byte* packed) {
  static constexpr block_q4_0 kZeros = {};
  auto& block = *reinterpret_cast<PackedQ4_0*>(packed);
  for (int row = 0; row < kGroupRows; row++) {
    const auto* source = reinterpret_cast<const block_q4_0*>(sources[row]);
    pack_row(source ? *source : kZeros, row, block);
  }
}

void unpack(const std::byte* bytes, int row, float* weights) {
  const auto& packed = *reinterpret_cast<const PackedQ4_0*>(bytes);
  const float scale = ggml_fp16_to_fp32(packed.scales[row]);
  for (int k = 0; k < 32; k++) {
    const uint8_t both = packed.quants[k % 16 / 4][row][k % 4];
    weights[k] = scale * ((k < 16 ? both & 15 : both >> 4) - 8);
  }
}

}  // namespace

const Format kQ4_0 = {.type = GGML_TYPE_Q4_0,
                      .block = 32,
                      .source_block_bytes = sizeof(block_q4_0),
                      .packed_block_bytes = sizeof(PackedQ4_0),
                      .activations = ActivationKind::Blocks32,
                      .pack = pack,
                      .unpack = unpack};

}  // namespace melete::engine::kernels
