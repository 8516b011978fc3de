// Packing loses nothing: every weight reads back as ggml reads it from its own layout.

#include <gtest/gtest.h>

#include "engine/kernels/catalogue.h"
#include "engine/kernels/packed_matrix.h"
#include "engine/kernels/random_weights.h"
#include "engine/kernels/scalar/kernels.h"

namespace melete::engine::kernels::testing {
namespace {

class Packing : public ::testing::TestWithParam<const Format*> {};
INSTANTIATE_TEST_SUITE_P(Formats, Packing, ::testing::ValuesIn(all_formats()),
                         [](const auto& info) {
                           return std::string(ggml_type_name(info.param->type));
                         });

TEST_P(Packing, ReadsBackWhatGgmlReads) {
  const Kernel kernel = scalar::kernel_for(*GetParam());
  const ggml_type type = kernel.format->type;
  const int64_t k = 512;
  const int64_t rows = 21;  // the last group is not full
  const auto weights = random_weights(type, rows, k);
  const auto expected = as_floats(type, weights, rows * k);

  const PackedMatrix matrix = {.kernel = &kernel,
                               .rows = rows,
                               .block_count = static_cast<int>(k / kernel.format->block),
                               .matrix_count = 1};
  std::vector<std::byte> packed(matrix.bytes());
  matrix.pack(weights.data(), packed.data());

  std::vector<float> row_values(k);
  for (int64_t row = 0; row < rows; row++) {
    matrix.unpack_row(packed.data(), row, row_values.data());
    for (int64_t i = 0; i < k; i++) {
      ASSERT_EQ(row_values[i], expected[row * k + i]) << "row " << row << ", k " << i;
    }
  }
}

TEST_P(Packing, FillsTheLastGroupWithZeros) {
  const Kernel kernel = scalar::kernel_for(*GetParam());
  const auto weights = random_weights(kernel.format->type, 3, kernel.format->block);
  const auto packed = packed_group(kernel, weights, 1, 3);
  std::vector<float> values(kernel.format->block);
  kernel.format->unpack(packed.data(), 3, values.data());
  for (const float value : values) EXPECT_EQ(value, 0);
}

TEST(PackedMatrix, TakesLittleMoreThanTheFile) {
  for (const Format* format : all_formats()) {
    EXPECT_LE(
        static_cast<double>(format->packed_block_bytes) / (kGroupRows * format->source_block_bytes),
        1.03)
        << ggml_type_name(format->type);
  }
}

}  // namespace
}  // namespace melete::engine::kernels::testing
