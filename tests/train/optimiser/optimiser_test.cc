// How weights are moved.

#include "optimiser/optimiser.h"

#include <gtest/gtest.h>

#include "optimiser/muon.h"
#include "optimiser/schedule.h"

namespace melete::train {
namespace {

TEST(Schedule, RisesStaysAndFalls) {
  const Schedule schedule{.steps = 100, .warm_up = 9, .decay_share = 0.4};
  EXPECT_NEAR(learning_rate_share(schedule, 0), 0.1, 1e-9);
  EXPECT_NEAR(learning_rate_share(schedule, 4), 0.5, 1e-9);
  EXPECT_EQ(learning_rate_share(schedule, 9), 1);
  EXPECT_EQ(learning_rate_share(schedule, 60), 1);
  EXPECT_NEAR(learning_rate_share(schedule, 80), 0.5, 1e-9);
  EXPECT_GT(learning_rate_share(schedule, 99), 0);
}

TEST(Schedule, ARunShorterThanItsWarmUpStillMoves) {
  const Schedule schedule{.steps = 2, .warm_up = 100, .decay_share = 0};
  EXPECT_GT(learning_rate_share(schedule, 0), 0);
  EXPECT_LE(learning_rate_share(schedule, 1), 1);
}

TEST(Orthogonalised, SingularValuesBecomeAboutOne) {
  torch::manual_seed(1);
  for (const auto& [rows, columns] : {std::pair{32, 32}, {64, 16}, {16, 64}}) {
    const torch::Tensor matrices = torch::randn({3, rows, columns});
    const torch::Tensor near = orthogonalised(matrices);
    for (int64_t i = 0; i < 3; ++i) {
      const torch::Tensor values = std::get<1>(torch::linalg_svd(near[i], false));
      EXPECT_GT(values.max().item<float>(), 0.7F);
      EXPECT_LT(values.max().item<float>(), 1.3F);
      EXPECT_GT((near[i] * matrices[i]).sum().item<float>(), 0) << "the direction stays";
    }
  }
}

TEST(Orthogonalised, AMatrixOfZerosStaysFinite) {
  EXPECT_TRUE(orthogonalised(torch::zeros({1, 4, 8})).isfinite().all().item<bool>());
}

// Two weights of each kind towards a known matrix.
struct Bowl {
  ParameterList parameters{1};
  torch::Tensor matrix = parameters.add("matrix", Role::Matrix, {8, 8}, {.deviation = 1});
  torch::Tensor table = parameters.add("table", Role::Embedding, {8, 8}, {.deviation = 1});
  torch::Tensor vector = parameters.add("vector", Role::Vector, {8}, {.deviation = 1});

  torch::Tensor height() const {
    return (matrix - 1).square().mean() + (table - 1).square().mean() +
           (vector - 1).square().mean();
  }
};

void walk(Bowl& bowl, Optimiser& optimiser, int steps) {
  for (int i = 0; i < steps; ++i) {
    optimiser.clear_gradients();
    bowl.height().backward();
    optimiser.step(1);
  }
}

class OptimiserOf : public testing::TestWithParam<MatrixMethod> {};
INSTANTIATE_TEST_SUITE_P(Matrices, OptimiserOf,
                         testing::Values(MatrixMethod::Muon, MatrixMethod::AdamW));

TEST_P(OptimiserOf, GoesDownhillInEveryWeight) {
  Bowl bowl;
  Optimiser optimiser(bowl.parameters, {.matrices = GetParam(),
                                        .muon = {.learning_rate = 0.05, .weight_decay = 0},
                                        .embedding_rate = 0.05,
                                        .vector_rate = 0.05});
  walk(bowl, optimiser, 300);
  EXPECT_LT((bowl.matrix - 1).abs().max().item<float>(), 0.3F);
  EXPECT_LT((bowl.table - 1).abs().max().item<float>(), 0.1F);
  EXPECT_LT((bowl.vector - 1).abs().max().item<float>(), 0.1F);
}

TEST_P(OptimiserOf, GoesOnFromAnArchiveBitForBit) {
  Bowl one;
  Optimiser first(one.parameters, {.matrices = GetParam()});
  walk(one, first, 5);
  torch::serialize::OutputArchive saved;
  first.save(saved);
  std::ostringstream bytes;
  saved.save_to(bytes);

  Bowl two;
  {
    const torch::NoGradGuard guard;
    two.matrix.copy_(one.matrix);
    two.table.copy_(one.table);
    two.vector.copy_(one.vector);
  }
  Optimiser second(two.parameters, {.matrices = GetParam()});
  std::istringstream in(bytes.str());
  torch::serialize::InputArchive archive;
  archive.load_from(in);
  second.load(archive);
  walk(one, first, 5);
  walk(two, second, 5);
  EXPECT_TRUE(torch::equal(one.matrix, two.matrix));
  EXPECT_TRUE(torch::equal(one.table, two.table));
  EXPECT_TRUE(torch::equal(one.vector, two.vector));
}

}  // namespace
}  // namespace melete::train
