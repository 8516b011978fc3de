// Gradients of several ranks as one.

#include "loop/gradient_sum.h"

#include <gtest/gtest.h>

#include "train/parallel/ranks.h"

namespace melete::train {
namespace {

// Not every part of a batch has a picture, and often none has.
TEST(SumGradients, AWeightThatNoRankUsesHasNone) {
  as_ranks(2, [](Group& group) {
    ParameterList parameters(1);
    const torch::Tensor both = parameters.add("both", Role::Matrix, {2, 2}, {});
    const torch::Tensor second = parameters.add("second", Role::Vector, {3}, {});
    const torch::Tensor neither = parameters.add("neither", Role::Vector, {3}, {});
    both.mutable_grad() = torch::full({2, 2}, 1.0F + static_cast<float>(group.rank()));
    if (group.rank() == 1) second.mutable_grad() = torch::full({3}, 5.0F);
    const Result<StepSums> sums = sum_gradients(group, parameters, {.loss = 0.25, .taught = 100});
    ASSERT_TRUE(sums) << sums.error().message;
    EXPECT_EQ(sums->loss, 0.5);
    EXPECT_EQ(sums->taught, 200);
    EXPECT_TRUE(torch::equal(both.grad(), torch::full({2, 2}, 3.0F)));
    EXPECT_TRUE(torch::equal(second.grad(), torch::full({3}, 5.0F)));
    EXPECT_FALSE(neither.grad().defined());
  });
}

}  // namespace
}  // namespace melete::train
