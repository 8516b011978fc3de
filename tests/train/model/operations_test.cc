// Operations against their definitions.

#include "model/operations.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "model/plain_operations.h"

namespace melete::train {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Each query head with its own copy of the keys and values that it shares.
torch::Tensor plain_attention(const torch::Tensor& queries, const torch::Tensor& keys,
                              const torch::Tensor& values, const torch::Tensor& bias) {
  const int64_t group = queries.size(2) / keys.size(2);
  const auto by_head = [](const torch::Tensor& x) {
    return x.to(torch::kFloat).permute({0, 2, 1, 3});
  };
  const torch::Tensor k = by_head(keys.repeat_interleave(group, 2));
  const torch::Tensor v = by_head(values.repeat_interleave(group, 2));
  const torch::Tensor scores = torch::matmul(by_head(queries), k.transpose(2, 3));
  const double scale = 1 / std::sqrt(static_cast<double>(queries.size(3)));
  const torch::Tensor shares = torch::softmax(scores * scale + bias.to(torch::kFloat), -1);
  return torch::matmul(shares, v).permute({0, 2, 1, 3}).flatten(2).to(queries.scalar_type());
}

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

// libtorch 1.13 left this gradient unwritten: its own order was that of what came after.
TEST(Gelu, HasItsGradientWhateverOrderThatComesIn) {
  const torch::Tensor x = torch::randn({4, 6, 5}).requires_grad_();
  const torch::Tensor of_y = torch::randn({4, 5, 6}).transpose(1, 2);
  train::gelu(x).backward(of_y);
  const torch::Tensor wide = x.detach().to(torch::kDouble);
  const torch::Tensor share = 0.5 * (1 + torch::erf(wide / std::sqrt(2.0)));
  const torch::Tensor density = torch::exp(-wide.square() / 2) / std::sqrt(2 * M_PI);
  const torch::Tensor expected = of_y * (share + wide * density);
  EXPECT_TRUE(torch::allclose(x.grad().to(torch::kDouble), expected, 1e-5, 1e-6));
}

// The tuned operations beside their definitions: results, and the gradients of all that they read.
class Tuned : public testing::TestWithParam<torch::ScalarType> {
 protected:
  using Operation = std::function<torch::Tensor(const std::vector<torch::Tensor>&)>;

  torch::Tensor random(std::vector<int64_t> shape) const {
    return torch::randn(shape).to(GetParam());
  }

  void expect_same(const std::vector<torch::Tensor>& inputs, const Operation& tuned,
                   const Operation& definition) const {
    const std::vector<torch::Tensor> expected = result_and_gradients(inputs, definition);
    const std::vector<torch::Tensor> actual = result_and_gradients(inputs, tuned);
    const bool narrow = GetParam() == torch::kBFloat16;
    for (size_t i = 0; i < expected.size(); ++i) {
      const torch::Tensor difference = (actual[i] - expected[i]).abs();
      const auto size = expected[i].abs().max().item<double>();
      EXPECT_LE(difference.max().item<double>(), (narrow ? 2e-2 : 2e-6) * size)
          << (i == 0 ? "the result" : "the gradient of input " + std::to_string(i - 1));
    }
  }

 private:
  // All as floats.
  static std::vector<torch::Tensor> result_and_gradients(const std::vector<torch::Tensor>& inputs,
                                                         const Operation& operation) {
    std::vector<torch::Tensor> leaves;
    for (const torch::Tensor& input : inputs) {
      leaves.push_back(input.detach().clone().requires_grad_());
    }
    const torch::Tensor result = operation(leaves);
    const torch::Tensor wide = result.to(torch::kFloat);
    (wide * torch::linspace(-1, 1, wide.numel()).view_as(wide)).sum().backward();
    std::vector<torch::Tensor> all = {wide.detach()};
    for (const torch::Tensor& leaf : leaves) all.push_back(leaf.grad().to(torch::kFloat));
    return all;
  }
};
INSTANTIATE_TEST_SUITE_P(Types, Tuned, testing::Values(torch::kFloat, torch::kBFloat16),
                         [](const auto& type) { return std::string(toString(type.param)); });

// 130 rows are two whole pieces of work and a rest; 83 numbers are no whole vectors.
TEST_P(Tuned, RmsNormIsItsDefinition) {
  expect_same(
      {random({5, 26, 83}), torch::randn({83})},
      [](const auto& in) { return rms_norm(in[0], in[1], 1e-5); },
      [](const auto& in) { return plain::rms_norm(in[0], in[1], 1e-5); });
}

TEST_P(Tuned, RmsNormReadsAnyLayout) {
  expect_same(
      {random({83, 26}), torch::randn({83})},
      [](const auto& in) { return rms_norm(in[0].t(), in[1], 1e-5); },
      [](const auto& in) { return plain::rms_norm(in[0].t(), in[1], 1e-5); });
}

TEST_P(Tuned, RotationIsItsDefinition) {
  const Angles angles = angles_of(torch::arange(0, 30).view({2, 15}), 24, 1000);
  expect_same(
      {random({2, 15, 3, 24})}, [&](const auto& in) { return rotate(in[0], angles); },
      [&](const auto& in) { return plain::rotate(in[0], angles.cosines, angles.sines); });
}

TEST_P(Tuned, AttentionIsItsDefinition) {
  constexpr int64_t kLength = 37;
  const torch::Tensor hidden = torch::ones({kLength, kLength}).triu(1) > 0;
  const torch::Tensor bias =
      torch::zeros({2, 1, kLength, kLength}).masked_fill(hidden, -kInfinity).to(GetParam());
  expect_same(
      {random({2, kLength, 4, 16}), random({2, kLength, 2, 16}), random({2, kLength, 2, 16})},
      [&](const auto& in) { return attend(in[0], in[1], in[2], bias); },
      [&](const auto& in) { return plain_attention(in[0], in[1], in[2], bias); });
}

TEST_P(Tuned, ANumberThatIsNotFiniteIsSeen) {
  const torch::Tensor bad = random({1, 4, 2, 16});
  bad[0][1][0][3] = std::numeric_limits<float>::quiet_NaN();
  const torch::Tensor bias = torch::zeros({1, 1, 4, 4}).to(GetParam());
  const auto has_nan = [](const torch::Tensor& x) { return x.isnan().any().item<bool>(); };
  EXPECT_TRUE(has_nan(rms_norm(bad, torch::ones({16}), 1e-5)));
  EXPECT_TRUE(has_nan(rotate(bad, angles_of(torch::arange(0, 4).view({1, 4}), 16, 1000))));
  EXPECT_TRUE(has_nan(attend(bad, random({1, 4, 2, 16}), random({1, 4, 2, 16}), bias)));
  EXPECT_TRUE(has_nan(attend(random({1, 4, 2, 16}), bad, random({1, 4, 2, 16}), bias)));
}

}  // namespace
}  // namespace melete::train
