// The costs of a model's steps are measured once and then read from the cache.

#include "engine/step_costs.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace melete::engine {
namespace {

namespace fs = std::filesystem;

class StepCostsTest : public testing::Test {
 protected:
  void SetUp() override {
    const char* path = std::getenv("MELETE_TEST_MODEL");
    if (path == nullptr) GTEST_SKIP() << "MELETE_TEST_MODEL names no model";
    options_.name = "small";
    options_.model = path;
    options_.context_tokens = 512;
    options_.cache = cache_;
  }
  void TearDown() override { fs::remove_all(cache_); }

  // The file of the cache after a load; a busy machine may need several until it keeps one.
  fs::path kept() {
    for (int attempt = 0; attempt < 10; ++attempt) {
      EXPECT_TRUE(load_model(options_));
      std::error_code ignored;  // there is no folder before something is kept
      const fs::directory_iterator files(cache_, ignored);
      if (files != fs::directory_iterator()) return files->path();
    }
    ADD_FAILURE() << "no load kept its figures";
    return cache_ / "none";
  }

  const fs::path cache_ = fs::path(testing::TempDir()) / "melete-step-costs";
  EngineOptions options_;
};

TEST_F(StepCostsTest, MoreAnswersCostMore) {
  const Result<LoadedModel> model = load_model(options_);
  ASSERT_TRUE(model) << model.error().message;
  ASSERT_EQ(model->step_costs.size(), 7);
  EXPECT_DOUBLE_EQ(model->step_costs.at(1), 1);
  EXPECT_GE(model->step_costs.at(16), 1);
  EXPECT_LE(model->step_costs.at(16), 16) << "sixteen together are not dearer than one by one";
}

TEST_F(StepCostsTest, ASecondLoadReadsTheFirstOnesFigures) {
  std::ofstream(kept()) << "1 1\n16 7.5\n";
  const Result<LoadedModel> again = load_model(options_);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->step_costs, (StepCosts{{1, 1.0}, {16, 7.5}}));
}

TEST_F(StepCostsTest, ABrokenCacheIsMeasuredAnew) {
  std::ofstream(kept()) << "nonsense";
  const Result<LoadedModel> again = load_model(options_);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->step_costs.size(), 7);
}

}  // namespace
}  // namespace melete::engine
