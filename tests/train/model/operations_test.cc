// Operations against their definitions.

#include "model/operations.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
#include <limits>

namespace melete::train {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(RmsNorm, DividesByTheRootOfTheMeanSquare) {
  const torch::Tensor x = torch::tensor({{3.0F, 4.0F}});
  const torch::Tensor y = rms_norm(x, torch::tensor({1.0F, 2.0F}), 0);
  EXPECT_NEAR(y[0][0].item<float>(), 3 / std::sqrt(12.5), 1e-6);
  EXPECT_NEAR(y[0][1].item<float>(), 8 / std::sqrt(12.5), 1e-6);
}

TEST(Rotate, TurnsThePairsOfBothHalves) {
  const torch::Tensor x = torch::tensor({1.0F, 0.0F, 0.0F, 1.0F}).view({1, 1, 1, 4});
  const Angles angles = angles_of(torch::tensor({{2}}), 4, 100);
  const torch::Tensor y = rotate(x, angles).flatten();
  EXPECT_NEAR(y[0].item<float>(), std::cos(2.0), 1e-6);
  EXPECT_NEAR(y[2].item<float>(), std::sin(2.0), 1e-6);
  EXPECT_NEAR(y[1].item<float>(), -std::sin(0.2), 1e-6);
  EXPECT_NEAR(y[3].item<float>(), std::cos(0.2), 1e-6);
}

// The product of two rotated vectors depends on their distance only.
TEST(Rotate, KeepsProductsOfEqualDistance) {
  const torch::Tensor q = torch::randn({1, 1, 1, 16});
  const torch::Tensor k = torch::randn({1, 1, 1, 16});
  const auto product = [&](int64_t first, int64_t second) {
    const Angles one = angles_of(torch::tensor({{first}}), 16, 10000);
    const Angles two = angles_of(torch::tensor({{second}}), 16, 10000);
    return (rotate(q, one) * rotate(k, two)).sum().item<double>();
  };
  EXPECT_NEAR(product(3, 10), product(103, 110), 1e-4);
}

TEST(Attend, EachHeadReadsTheKeysOfItsGroup) {
  const torch::Tensor queries = torch::randn({2, 5, 4, 8});
  const torch::Tensor keys = torch::randn({2, 5, 2, 8});
  const torch::Tensor values = torch::randn({2, 5, 2, 8});
  const torch::Tensor bias =
      torch::zeros({2, 1, 5, 5}).masked_fill(torch::ones({5, 5}).triu(1) > 0, -kInfinity);
  const torch::Tensor mixed = attend(queries, keys, values, bias).view({2, 5, 4, 8});
  for (int64_t head = 0; head < 4; ++head) {
    const torch::Tensor q = queries[1].select(1, head);
    const torch::Tensor k = keys[1].select(1, head / 2);
    const torch::Tensor v = values[1].select(1, head / 2);
    const torch::Tensor shares =
        torch::softmax(torch::matmul(q, k.t()) / std::sqrt(8.0) + bias[1][0], -1);
    EXPECT_TRUE(torch::allclose(mixed[1].select(1, head), torch::matmul(shares, v), 1e-4, 1e-5))
        << head;
  }
}

}  // namespace
}  // namespace melete::train
