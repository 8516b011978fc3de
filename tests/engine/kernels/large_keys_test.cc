// Keys as large as Qwen2's: ggml's own attention once summed their products in 16 bits where the
// processor can, passed the largest number that these hold, and every answer without our kernels
// was noise.

#include <gtest/gtest.h>

#include <vector>

#include "ggml-cpu.h"

namespace melete::engine::kernels::testing {
namespace {

TEST(LargeKeysTest, ProductsAreSummedBeyondTheRangeOf16Bits) {
  constexpr int kSize = 128;  // of a head
  const std::vector<ggml_fp16_t> query(kSize, ggml_fp32_to_fp16(40));
  const std::vector<ggml_fp16_t> key(kSize, ggml_fp32_to_fp16(400));
  float product = 0;
  ggml_get_type_traits_cpu(GGML_TYPE_F16)
      ->vec_dot(kSize, &product, 0, key.data(), 0, query.data(), 0, 1);
  EXPECT_FLOAT_EQ(product, kSize * 40.0F * 400.0F);
}

}  // namespace
}  // namespace melete::engine::kernels::testing
