// Products with an adapter's matrices: what float arithmetic gives, with the same bits in any
// company.

#include "engine/kernels/adapter_product.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <span>

#include "engine/kernels/graph.h"
#include "engine/kernels/random_weights.h"

namespace melete::engine::kernels::testing {
namespace {

constexpr int64_t kLength = 576;
constexpr int64_t kRows = 8;

class AdapterProduct : public ::testing::TestWithParam<ggml_type> {
 protected:
  void SetUp() override {
    install_kernels();
    if (!kernels_installed()) GTEST_SKIP() << "this machine has no kernels";
  }

  static std::vector<float> product(const std::vector<float>& columns, int threads) {
    const auto count = static_cast<int64_t>(columns.size()) / kLength;
    Graph graph;
    ggml_tensor* matrix = ggml_new_tensor_2d(graph.values(), GetParam(), kLength, kRows);
    ggml_set_name(matrix, "blk.0.attn_q.weight.lora_a");
    ggml_tensor* values = ggml_new_tensor_2d(graph.values(), GGML_TYPE_F32, kLength, count);
    ggml_tensor* result = ggml_mul_mat(graph.values(), matrix, values);
    EXPECT_TRUE(is_adapter_product(*result));
    graph.allocate(result);
    const auto weights = random_weights(GetParam(), kRows, kLength);
    ggml_backend_tensor_set(matrix, weights.data(), 0, weights.size());
    ggml_backend_tensor_set(values, columns.data(), 0, ggml_nbytes(values));
    return graph.compute(result, threads);
  }

  static float expected(const std::vector<float>& columns, int64_t index) {
    const auto weights = random_weights(GetParam(), kRows, kLength);
    const auto floats = GetParam() == GGML_TYPE_F32
                            ? random_values(kRows * kLength, 1)
                            : as_floats(GetParam(), weights, kRows * kLength);
    const int64_t row = index % kRows * kLength;
    const int64_t column = index / kRows * kLength;
    double sum = 0;
    for (int64_t i = 0; i < kLength; i++) sum += double{floats[row + i]} * columns[column + i];
    return static_cast<float>(sum);
  }
};
INSTANTIATE_TEST_SUITE_P(Types, AdapterProduct,
                         ::testing::Values(GGML_TYPE_F32, GGML_TYPE_F16, GGML_TYPE_BF16,
                                           GGML_TYPE_Q8_0),
                         [](const ::testing::TestParamInfo<ggml_type>& info) {
                           return std::string(ggml_type_name(info.param));
                         });

TEST_P(AdapterProduct, GivesEachColumnTheSameBitsInAnyCompany) {
  constexpr int64_t kMost = 33;
  const auto columns = random_values(kLength * kMost, 6);
  const auto all = product(columns, 2);
  for (size_t i = 0; i < all.size(); i++) {
    ASSERT_NEAR(all[i], expected(columns, static_cast<int64_t>(i)), 1.0) << "at " << i;
  }
  for (int64_t column = 0; column < kMost; column++) {
    const auto own = columns.begin() + column * kLength;
    const auto alone = product({own, own + kLength}, 1);
    EXPECT_TRUE(std::ranges::equal(alone, std::span(all).subspan(column * kRows, kRows)))
        << "column " << column;
  }
  EXPECT_EQ(product(columns, 5), all);
}

TEST(AdapterProducts, AreToldByTheirMatrix) {
  Graph graph;
  ggml_tensor* matrix = ggml_new_tensor_2d(graph.values(), GGML_TYPE_F32, kLength, kRows);
  ggml_tensor* values = ggml_new_tensor_2d(graph.values(), GGML_TYPE_F32, kLength, 2);
  const ggml_tensor* result = ggml_mul_mat(graph.values(), matrix, values);
  ggml_set_name(matrix, "blk.0.attn_q.weight");
  EXPECT_FALSE(is_adapter_product(*result));
  ggml_set_name(matrix, "blk.0.attn_q.weight.lora_b");
  EXPECT_TRUE(is_adapter_product(*result));
}

}  // namespace
}  // namespace melete::engine::kernels::testing
