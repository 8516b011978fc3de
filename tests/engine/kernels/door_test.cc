// Whole operations through ggml: a graph with weights in our buffer gives what float arithmetic
// gives.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/kernels/catalogue.h"
#include "engine/kernels/graph.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/random_weights.h"

namespace melete::engine::kernels::testing {
namespace {

struct Shape {
  int64_t k = 0;
  int64_t rows = 0;
  int64_t columns = 0;
  int threads = 0;
  int64_t batches = 1;  // of columns, in the third dimension
};

// Plain float arithmetic; `weights` rows times k.
std::vector<float> expected_product(const std::vector<float>& weights,
                                    const std::vector<float>& values, int64_t k) {
  std::vector<float> out;
  for (size_t column = 0; column < values.size(); column += k) {
    for (size_t row = 0; row < weights.size(); row += k) {
      double sum = 0;
      for (int64_t i = 0; i < k; i++) sum += double{weights[row + i]} * values[column + i];
      out.push_back(static_cast<float>(sum));
    }
  }
  return out;
}

// Activations have 8 bits: over k random values errors grow with the root of k.
void expect_close(const std::vector<float>& actual, const std::vector<float>& expected, int64_t k) {
  ASSERT_EQ(actual.size(), expected.size());
  const float tolerance = 0.06f * std::sqrt(static_cast<float>(k));
  for (size_t i = 0; i < expected.size(); i++) {
    ASSERT_NEAR(actual[i], expected[i], tolerance) << "at " << i;
  }
}

class Door : public ::testing::TestWithParam<const Format*> {
 protected:
  void SetUp() override {
    if (!kernel_for(type())) GTEST_SKIP() << "this machine has no kernel for the type";
  }

  ggml_type type() const { return GetParam()->type; }

  // Rows of random weights times the columns' values.
  std::vector<float> product(const Shape& shape, const std::vector<float>& columns) {
    Graph graph;
    ggml_tensor* weights = ggml_new_tensor_2d(graph.weights(), type(), shape.k, shape.rows);
    ggml_tensor* values =
        ggml_new_tensor_3d(graph.values(), GGML_TYPE_F32, shape.k, shape.columns, shape.batches);
    ggml_tensor* result = ggml_mul_mat(graph.values(), weights, values);
    graph.allocate(result);
    const auto source = random_weights(type(), shape.rows, shape.k);
    ggml_backend_tensor_set(weights, source.data(), 0, source.size());
    ggml_backend_tensor_set(values, columns.data(), 0, ggml_nbytes(values));
    return graph.compute(result, shape.threads);
  }

  void expect_product(const Shape& shape) {
    const auto columns = random_values(shape.k * shape.columns * shape.batches, 5);
    const auto source = random_weights(type(), shape.rows, shape.k);
    expect_close(
        product(shape, columns),
        expected_product(as_floats(type(), source, shape.rows * shape.k), columns, shape.k),
        shape.k);
  }
};
INSTANTIATE_TEST_SUITE_P(Formats, Door, ::testing::ValuesIn(all_formats()),
                         [](const ::testing::TestParamInfo<const Format*>& info) {
                           return std::string(ggml_type_name(info.param->type));
                         });

TEST_P(Door, MultipliesOneColumn) {
  expect_product({.k = 512, .rows = 64, .columns = 1, .threads = 2});
}

TEST_P(Door, MultipliesAnyNumberOfColumns) {
  for (const int64_t columns : {2, 3, 4, 5, 8, 16, 31, 32, 33, 70}) {
    expect_product({.k = 256, .rows = 24, .columns = columns, .threads = 2});
  }
}

TEST_P(Door, GivesEachColumnTheSameBitsInAnyCompany) {
  const int64_t k = 512;
  const int64_t rows = 40;
  const int64_t most = 70;
  const auto values = random_values(k * most, 6);
  std::vector<float> expected;
  for (int64_t column = 0; column < most; column++) {
    const auto own = values.begin() + column * k;
    const auto out = product({.k = k, .rows = rows, .columns = 1, .threads = 1}, {own, own + k});
    expected.insert(expected.end(), out.begin(), out.end());
  }
  for (const int64_t columns : {2, 8, 9, 31, 32, 33, 64, 65, 70}) {
    const auto out = product({.k = k, .rows = rows, .columns = columns, .threads = 3},
                             {values.begin(), values.begin() + columns * k});
    for (size_t i = 0; i < out.size(); i++) {
      ASSERT_EQ(out[i], expected[i]) << "at " << i << " of " << columns << " columns";
    }
  }
}

TEST_P(Door, TakesRowsThatDoNotFillAGroup) {
  for (const int64_t rows : {1, 7, 8, 9, 15, 17, 100}) {
    expect_product({.k = 256, .rows = rows, .columns = 3, .threads = 2});
  }
}

TEST_P(Door, TakesAnyNumberOfBlocks) {
  for (const int64_t blocks : {1, 3, 5, 11}) {
    expect_product({.k = GetParam()->block * blocks, .rows = 33, .columns = 9, .threads = 2});
  }
}

TEST_P(Door, TakesOneThreadAndMoreThreadsThanRows) {
  for (const int threads : {1, 2, 5, 9}) {
    expect_product({.k = 768, .rows = 4, .columns = 5, .threads = threads});
  }
}

TEST_P(Door, TakesColumnsInOuterDimensions) {
  expect_product({.k = 256, .rows = 20, .columns = 3, .threads = 2, .batches = 4});
}

TEST_P(Door, LooksRowsUp) {
  const int64_t k = 512;
  const int64_t rows = 37;
  const std::vector<int32_t> wanted = {36, 0, 8, 7, 8};
  Graph graph;
  ggml_tensor* weights = ggml_new_tensor_2d(graph.weights(), type(), k, rows);
  ggml_tensor* ids = ggml_new_tensor_1d(graph.values(), GGML_TYPE_I32, 5);
  ggml_tensor* result = ggml_get_rows(graph.values(), weights, ids);
  graph.allocate(result);
  const auto source = random_weights(type(), rows, k);
  const auto floats = as_floats(type(), source, rows * k);
  ggml_backend_tensor_set(weights, source.data(), 0, source.size());
  ggml_backend_tensor_set(ids, wanted.data(), 0, ggml_nbytes(ids));
  const auto out = graph.compute(result, 2);
  for (size_t i = 0; i < out.size(); i++) {
    ASSERT_EQ(out[i], floats[wanted[i / k] * k + i % k]) << "at " << i;
  }
}

TEST_P(Door, MultipliesWithTheExpertsThatEachTokenNames) {
  const int64_t k = 256;
  const int64_t rows = 20;
  const int64_t experts = 5;
  const int64_t slots = 2;
  const int64_t tokens = 40;
  Graph graph;
  ggml_tensor* weights = ggml_new_tensor_3d(graph.weights(), type(), k, rows, experts);
  ggml_tensor* values = ggml_new_tensor_3d(graph.values(), GGML_TYPE_F32, k, 1, tokens);
  ggml_tensor* ids = ggml_new_tensor_2d(graph.values(), GGML_TYPE_I32, slots, tokens);
  ggml_tensor* result = ggml_mul_mat_id(graph.values(), weights, values, ids);
  graph.allocate(result);
  const auto source = random_weights(type(), rows * experts, k);
  const auto floats = as_floats(type(), source, rows * experts * k);
  const auto columns = random_values(k * tokens, 9);
  std::vector<int32_t> named(slots * tokens);
  for (size_t i = 0; i < named.size(); i++) named[i] = i < 70 ? 3 : static_cast<int32_t>(i % 3);
  ggml_backend_tensor_set(weights, source.data(), 0, source.size());
  ggml_backend_tensor_set(values, columns.data(), 0, ggml_nbytes(values));
  ggml_backend_tensor_set(ids, named.data(), 0, ggml_nbytes(ids));

  std::vector<float> expected;
  for (size_t i = 0; i < named.size(); i++) {
    const auto expert = floats.begin() + named[i] * rows * k;
    const auto column = columns.begin() + static_cast<int64_t>(i) / slots * k;
    const auto part = expected_product({expert, expert + rows * k}, {column, column + k}, k);
    expected.insert(expected.end(), part.begin(), part.end());
  }
  expect_close(graph.compute(result, 3), expected, k);
}

TEST_P(Door, ShowsABadActivationInItsOwnColumnOnly) {
  const int64_t k = 256;
  Graph graph;
  ggml_tensor* weights = ggml_new_tensor_2d(graph.weights(), type(), k, 9);
  ggml_tensor* values = ggml_new_tensor_2d(graph.values(), GGML_TYPE_F32, k, 3);
  ggml_tensor* result = ggml_mul_mat(graph.values(), weights, values);
  graph.allocate(result);
  const auto source = random_weights(type(), 9, k);
  auto columns = random_values(k * 3, 5);
  columns[k + 9] = std::numeric_limits<float>::quiet_NaN();
  ggml_backend_tensor_set(weights, source.data(), 0, source.size());
  ggml_backend_tensor_set(values, columns.data(), 0, ggml_nbytes(values));
  const auto out = graph.compute(result, 2);
  for (size_t i = 0; i < out.size(); i++) EXPECT_EQ(std::isnan(out[i]), i / 9 == 1) << "at " << i;
}

TEST(InstallKernels, ChangesNothingTheSecondTime) {
  install_kernels();
  install_kernels();
  EXPECT_EQ(kernel_instructions() == "none", kernel_for(GGML_TYPE_Q4_K) == nullptr);
}

}  // namespace
}  // namespace melete::engine::kernels::testing
