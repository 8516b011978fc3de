#include "engine/kernels/q4_1.h"

#include "engine/kernels/ggml_blocks.h"

namespace melete::engine::kernels {
namespace {

void pack_row(const block_q4_1& source, int row, PackedQ4_1& packed) {
  packed.scales[row] = source.data.data.d;
  packed.mins[row] = source.data.data.m;
  // ggml has k and k + 16 in one byte, which is how quads i and i + 4 lie here.
  for (int quad = 0; quad < 4; quad++) {
    store_quad(load_quad(&source.qs[4 * quad]), packed.quants[quad][row]);
  }
}

void pack(std::span<const std::byte* const> sources, std::byte* packed) {
  static constexpr block_q4_1 kZeros = {};
  auto& block = *reinterpret_cast<PackedQ4_1*>(packed);
  for (int row = 0; row < kGroupRows; row++) {
    const auto* source = reinterpret_cast<const block_q4_1*>(sources[row]);
    pack_row(source ? *source : kZeros, row, block);
  }
}

void unpack(const std::byte* bytes, int row, float* weights) {
  const auto& packed = *reinterpret_cast<const PackedQ4_1*>(bytes);
  const float scale = ggml_fp16_to_fp32(packed.scales[row]);
  const float min = ggml_fp16_to_fp32(packed.mins[row]);
  for (int k = 0; k < 32; k++) {
    const uint8_t both = packed.quants[k % 16 / 4][row][k % 4];
    weights[k] = scale * (k < 16 ? both & 15 : both >> 4) + min;
  }
}

}  // namespace

const Format kQ4_1 = {.type = GGML_TYPE_Q4_1,
                      .block = 32,
                      .source_block_bytes = sizeof(block_q4_1),
                      .packed_block_bytes = sizeof(PackedQ4_1),
                      .activations = ActivationKind::Blocks32,
                      .pack = pack,
                      .unpack = unpack};

}  // namespace melete::engine::kernels
