// Every kernel of this machine against the plain loops, for every count of columns. The products
// for vpdpbusd are tested on any machine, with that instruction in plain loops.
//
// Integers are exact in both; floats may be added in another order, so results agree within 1e-5 of
// the largest.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "engine/kernels/catalogue.h"
#include "engine/kernels/plain_words.h"
#include "engine/kernels/random_weights.h"
#include "engine/kernels/scalar/kernels.h"
#include "engine/kernels/word_products.h"

namespace melete::engine::kernels::testing {
namespace {

template <typename Words>
void add_products(std::vector<Kernel>& kernels) {
  using All = WordProducts<Words>;
  kernels.push_back({&kQ4K, All::q4_k});
  kernels.push_back({&kQ6K, All::q6_k});
  kernels.push_back({&kQ4_0, All::q4_0});
  kernels.push_back({&kQ4_1, All::q4_1});
  kernels.push_back({&kQ8_0, All::q8_0});
}

std::vector<Kernel> all_kernels() {
  std::vector<Kernel> kernels = runnable_kernels();
  add_products<PlainWords<16, 8>>(kernels);
  add_products<PlainWords<8, 6>>(kernels);
  add_products<PlainWords<4, 6>>(kernels);
  return kernels;
}

std::string name_of(const ::testing::TestParamInfo<Kernel>& info) {
  return std::string(ggml_type_name(info.param.format->type)) + "_" + std::to_string(info.index);
}

class Products : public ::testing::TestWithParam<Kernel> {
 protected:
  std::vector<float> multiply(const Kernel& kernel, const std::vector<std::byte>& weights,
                              const std::vector<std::byte>& panel, int column_count) const {
    const size_t block_bytes = kernel.format->packed_block_bytes;
    std::vector<float> out(column_count * kGroupRows);
    kernel.multiply({.weights = weights.data(),
                     .next = weights.data(),
                     .activations = panel.data(),
                     .block_count = static_cast<int>(weights.size() / block_bytes),
                     .column_count = column_count,
                     .out = out.data()});
    return out;
  }
};
INSTANTIATE_TEST_SUITE_P(Kernels, Products, ::testing::ValuesIn(all_kernels()), name_of);

void expect_close(const std::vector<float>& actual, const std::vector<float>& expected) {
  float largest = 0;
  for (const float value : expected) largest = std::max(largest, std::fabs(value));
  for (size_t i = 0; i < expected.size(); i++) {
    ASSERT_NEAR(actual[i], expected[i], 1e-5f * largest) << "at " << i;
  }
}

TEST_P(Products, AreTheReferences) {
  const Kernel& kernel = GetParam();
  const Format& format = *kernel.format;
  const int k = 1024;
  const auto weights = packed_group(kernel, random_weights(format.type, kGroupRows, k),
                                    k / format.block, kGroupRows);
  for (int columns = 1; columns <= kPanelColumns; columns++) {
    const auto panel = quantized_panel(format.activations, random_values(k * columns, columns),
                                       columns, quantizer_for(format.activations));
    expect_close(multiply(kernel, weights, panel, columns),
                 multiply(scalar::kernel_for(format), weights, panel, columns));
  }
}

TEST_P(Products, OfAnyLengthAreTheReferences) {
  const Kernel& kernel = GetParam();
  const Format& format = *kernel.format;
  for (const int blocks : {1, 2, 3, 7, 8, 19}) {
    const int k = 256 * blocks - (format.block == 32 ? 96 : 0);
    const auto weights = packed_group(kernel, random_weights(format.type, kGroupRows, k, blocks),
                                      k / format.block, 11);
    for (const int columns : {1, 3, 6, 8, 9, 17, 32}) {
      const auto panel = quantized_panel(format.activations, random_values(k * columns, columns),
                                         columns, quantizer_for(format.activations));
      expect_close(multiply(kernel, weights, panel, columns),
                   multiply(scalar::kernel_for(format), weights, panel, columns));
    }
  }
}

// With scales of one every result is a whole number, and small enough for a float to be exact.
TEST_P(Products, OfIntegersAreExact) {
  const Kernel& kernel = GetParam();
  const Format& format = *kernel.format;
  const int k = 512;
  const int columns = 13;
  auto weights = packed_group(kernel, random_weights(format.type, kGroupRows, k), k / format.block,
                              kGroupRows);
  const bool has_mins = format.type == GGML_TYPE_Q4_K || format.type == GGML_TYPE_Q4_1;
  const std::vector<ggml_fp16_t> ones((has_mins ? 2 : 1) * kGroupRows, ggml_fp32_to_fp16(1));
  for (size_t block = 0; block < weights.size(); block += format.packed_block_bytes) {
    std::memcpy(&weights[block], ones.data(), ones.size() * sizeof(ones[0]));
  }
  std::vector<float> values = random_values(k * columns, 8);
  for (size_t i = 0; i < values.size(); i++) {
    values[i] = i % 32 == 5 ? 127 : std::clamp(std::nearbyint(20 * values[i]), -127.0f, 127.0f);
  }
  const auto panel =
      quantized_panel(format.activations, values, columns, quantizer_for(format.activations));
  EXPECT_EQ(multiply(kernel, weights, panel, columns),
            multiply(scalar::kernel_for(format), weights, panel, columns));
}

TEST_P(Products, OfAColumnDoNotDependOnItsNeighbours) {
  const Kernel& kernel = GetParam();
  const Format& format = *kernel.format;
  const int k = 768;
  const auto weights = packed_group(kernel, random_weights(format.type, kGroupRows, k),
                                    k / format.block, kGroupRows);
  const auto values = random_values(k * kPanelColumns, 2);
  const Quantize quantize = quantizer_for(format.activations);
  std::vector<float> expected;
  for (int column = 0; column < kPanelColumns; column++) {
    const auto own = values.begin() + column * k;
    const auto panel = quantized_panel(format.activations, {own, own + k}, 1, quantize);
    const auto out = multiply(kernel, weights, panel, 1);
    expected.insert(expected.end(), out.begin(), out.end());
  }
  for (int columns = 2; columns <= kPanelColumns; columns++) {
    const auto panel = quantized_panel(
        format.activations, {values.begin(), values.begin() + columns * k}, columns, quantize);
    const auto out = multiply(kernel, weights, panel, columns);
    for (size_t i = 0; i < out.size(); i++) {
      ASSERT_EQ(out[i], expected[i]) << "at " << i << " of " << columns << " columns";
    }
  }
}

// Activations and weights as large as they get: nothing overflows on the way.
TEST_P(Products, DoNotOverflow) {
  const Kernel& kernel = GetParam();
  const Format& format = *kernel.format;
  for (const float sign : {1.0f, -1.0f}) {
    std::vector<float> extremes(kGroupRows * format.block);
    for (size_t i = 0; i < extremes.size(); i++) extremes[i] = i % 16 == 0 ? -sign : sign;
    std::vector<std::byte> source(ggml_row_size(format.type, format.block) * kGroupRows);
    ggml_quantize_chunk(format.type, extremes.data(), source.data(), 0, kGroupRows, format.block,
                        nullptr);
    const auto weights = packed_group(kernel, source, 1, kGroupRows);
    for (const float activation : {1.0f, -1.0f}) {
      const std::vector<float> values(activation_block(format.activations), activation);
      const auto panel =
          quantized_panel(format.activations, values, 1, quantizer_for(format.activations));
      expect_close(multiply(kernel, weights, panel, 1),
                   multiply(scalar::kernel_for(format), weights, panel, 1));
    }
  }
}

TEST_P(Products, KeepABadColumnToItself) {
  const Kernel& kernel = GetParam();
  const Format& format = *kernel.format;
  const int k = 512;
  const int columns = 6;
  const auto weights = packed_group(kernel, random_weights(format.type, kGroupRows, k),
                                    k / format.block, kGroupRows);
  std::vector<float> values = random_values(k * columns, 1);
  values[2 * k + 300] = std::numeric_limits<float>::infinity();
  const auto panel =
      quantized_panel(format.activations, values, columns, quantizer_for(format.activations));
  const auto out = multiply(kernel, weights, panel, columns);
  for (int i = 0; i < columns * kGroupRows; i++) {
    EXPECT_EQ(std::isnan(out[i]), i / kGroupRows == 2) << "at " << i;
  }
}

}  // namespace
}  // namespace melete::engine::kernels::testing
