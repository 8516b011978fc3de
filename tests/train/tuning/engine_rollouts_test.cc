// The engine's answers in training: those of the weights that learn.

#include "tuning/engine_rollouts.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cstdlib>

#include "gguf/base_model.h"
#include "reinforce/policy.h"
#include "tuning/chat_language.h"

namespace melete::train {
namespace {

constexpr double kMostGap = 0.1;  // the engine rounds what it multiplies with quantised weights

class EngineRolloutsTest : public testing::Test {
 protected:
  void SetUp() override {
    const char* file = std::getenv("MELETE_TEST_MODEL");
    if (file == nullptr || *file == 0) GTEST_SKIP() << "MELETE_TEST_MODEL names no model file";
    auto model = load_base_model(file, {.adapter = {.rank = 4}});
    ASSERT_TRUE(model) << model.error().message;
    model_ = std::move(*model);
    auto language = chat_language(file);
    ASSERT_TRUE(language) << language.error().message;
    auto source = engine_rollouts(*model_, file, {.rows = 8, .context_tokens = 128});
    ASSERT_TRUE(source) << source.error().message;
    source_ = std::move(*source);
    for (const char* question : {"Name a colour.", "What is 2 plus 3?"}) {
      prompts_.push_back({(*language)->question({question}).value(), prompts_.size()});
    }
    options_ = {.end = (*language)->turn_end(), .most_tokens = 16};
  }

  std::vector<Rollout> answers() {
    auto written = source_->answers(prompts_, 4, options_);
    EXPECT_TRUE(written) << written.error().message;
    return written.value_or(std::vector<Rollout>{});
  }

  // Of the engine's log-probabilities from those of training.
  double gap(const std::vector<Rollout>& rollouts) {
    std::vector<PolicySample> samples;
    for (size_t i = 0; i < rollouts.size(); ++i) {
      samples.push_back(policy_sample(prompts_[i / 4].sequence, rollouts[i].tokens,
                                      rollouts[i].log_probabilities, 1));
    }
    return add_policy_gradient(*model_, samples, 1, torch::kFloat).gap;
  }

  std::unique_ptr<Model> model_;
  std::unique_ptr<RolloutSource> source_;
  std::vector<Prompt> prompts_;
  SamplerOptions options_;
};

TEST_F(EngineRolloutsTest, AreNearTheModelsOwn) {
  const std::vector<Rollout> rollouts = answers();
  ASSERT_EQ(rollouts.size(), 8u);
  EXPECT_LT(gap(rollouts), kMostGap);
}

TEST_F(EngineRolloutsTest, AreOfTheAdapterAsItIs) {
  const std::vector<Rollout> before = answers();
  {
    const torch::NoGradGuard guard;
    torch::manual_seed(1);
    for (const Parameter& parameter : model_->parameters().all()) {
      torch::Tensor(parameter.value).normal_(0, 0.03);
    }
  }
  const double old_gap = gap(before);
  EXPECT_GT(old_gap, 5 * kMostGap) << "what was written before is of other weights";
  EXPECT_LT(gap(answers()), old_gap / 5);
}

}  // namespace
}  // namespace melete::train
