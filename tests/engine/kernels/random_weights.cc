#include "engine/kernels/random_weights.h"

#include <array>
#include <random>

namespace melete::engine::kernels::testing {

std::vector<float> random_values(size_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(count);
  for (float& value : values) value = normal(generator);
  return values;
}

std::vector<std::byte> random_weights(ggml_type type, int64_t rows, int64_t k, unsigned seed) {
  const std::vector<float> values = random_values(rows * k, seed);
  std::vector<std::byte> weights(ggml_row_size(type, k) * rows);
  ggml_quantize_chunk(type, values.data(), weights.data(), 0, rows, k, nullptr);
  return weights;
}

std::vector<float> as_floats(ggml_type type, const std::vector<std::byte>& weights, int64_t count) {
  std::vector<float> values(count);
  ggml_get_type_traits(type)->to_float(weights.data(), values.data(), count);
  return values;
}

std::vector<std::byte> packed_group(const Kernel& kernel, const std::vector<std::byte>& weights,
                                    int block_count, int present) {
  const Format& format = *kernel.format;
  const size_t packed_block = format.packed_block_bytes;
  std::vector<std::byte> packed(packed_block * block_count);
  for (int block = 0; block < block_count; block++) {
    std::array<const std::byte*, kGroupRows> sources = {};
    for (int row = 0; row < present; row++) {
      sources[row] = weights.data() + (row * block_count + block) * format.source_block_bytes;
    }
    format.pack(sources, packed.data() + block * packed_block);
  }
  return packed;
}

std::vector<std::byte> quantized_panel(ActivationKind kind, const std::vector<float>& values,
                                       int column_count, Quantize quantize) {
  const int size = activation_block(kind);
  const int block_count = static_cast<int>(values.size()) / column_count / size;
  std::vector<std::byte> panel(activation_bytes(kind) * block_count * column_count);
  for (int column = 0; column < column_count; column++) {
    for (int block = 0; block < block_count; block++) {
      quantize(values.data() + (column * block_count + block) * size,
               panel.data() + (block * column_count + column) * activation_bytes(kind));
    }
  }
  return panel;
}

}  // namespace melete::engine::kernels::testing
