#include "engine/kernels/q8_0.h"

#include "engine/kernels/ggml_blocks.h"

namespace melete::engine::kernels {
namespace {

void pack_row(const block_q8_0& source, int row, PackedQ8_0& packed) {
  packed.scales[row] = source.d;
  for (int quad = 0; quad < 8; quad++) {
    std::memcpy(packed.quants[quad][row], &source.qs[4 * quad], 4);
  }
}

void pack(std::span<const std::byte* const> sources, std::byte* packed) {
  static constexpr block_q8_0 kZeros = {};
  auto& block = *reinterpret_cast<PackedQ8_0*>(packed);
  for (int row = 0; row < kGroupRows; row++) {
    const auto* source = reinterpret_cast<const block_q8_0*>(sources[row]);
    pack_row(source ? *source : kZeros, row, block);
  }
}

void unpack(const std::byte* bytes, int row, float* weights) {
  const auto& packed = *reinterpret_cast<const PackedQ8_0*>(bytes);
  const float scale = ggml_fp16_to_fp32(packed.scales[row]);
  for (int k = 0; k < 32; k++) {
    weights[k] = scale * packed.quants[k / 4][row][k % 4];
  }
}

}  // namespace

const Format kQ8_0 = {.type = GGML_TYPE_Q8_0,
                      .block = 32,
                      .source_block_bytes = sizeof(block_q8_0),
                      .packed_block_bytes = sizeof(PackedQ8_0),
                      .activations = ActivationKind::Blocks32,
                      .pack = pack,
                      .unpack = unpack};

}  // namespace melete::engine::kernels
