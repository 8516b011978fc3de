// The policy's gradient against its definition.

#include "reinforce/policy.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "data/sequence.h"
#include "reinforce/sampler.h"
#include "train/loop/loop_fixture.h"

namespace melete::train {
namespace {

class PolicyTest : public testing::Test {
 protected:
  // Of more rows than one pass has, and of several lengths.
  std::vector<PolicySample> samples() const {
    const SequenceWriter writer(media_shape(model_.config()));
    const std::vector<Prompt> prompts = {{writer.question({"Hi"}), 1},
                                         {writer.question({"What is 2 plus 3, and why?"}), 2}};
    const std::vector<Rollout> rollouts =
        Sampler(model_, torch::kFloat, {.most_tokens = 9}).answers(prompts, 12);
    std::vector<PolicySample> all;
    for (size_t i = 0; i < rollouts.size(); ++i) {
      const Rollout& rollout = rollouts[i];
      const size_t length = std::min(rollout.tokens.size(), 9 - i % 4);
      const std::vector<float> seen(rollout.log_probabilities.begin(),
                                    rollout.log_probabilities.begin() + length);
      all.push_back(policy_sample(prompts[i / 12].sequence, std::span(rollout.tokens).first(length),
                                  seen, i % 3 == 0 ? 0.5 : -0.25));
    }
    return all;
  }

  torch::Tensor chosen(const PolicySample& sample) const {
    Packer packer(1, std::ssize(sample.sequence.tokens), 0);
    EXPECT_TRUE(packer.add(sample.sequence));
    const Batch batch = make_batch(std::move(packer).take(), torch::kFloat);
    return model_.log_probabilities(batch, batch.taught_places)
        .gather(1, batch.targets.unsqueeze(1));
  }

  Model model_{tiny_config(), 1};
};

TEST_F(PolicyTest, IsThatOfAdvantageTimesLogProbability) {
  const std::vector<PolicySample> all = samples();
  torch::Tensor loss = torch::zeros({});
  for (const PolicySample& sample : all) loss = loss - chosen(sample).sum() * sample.advantage;
  (loss / 100).backward();
  std::vector<torch::Tensor> expected;
  for (const Parameter& parameter : model_.parameters().all()) {
    expected.push_back(parameter.value.grad());
    torch::Tensor(parameter.value).mutable_grad() = torch::Tensor();
  }
  const PolicyPass pass = add_policy_gradient(model_, all, 100, torch::kFloat);
  EXPECT_NEAR(pass.loss, loss.item<double>() / 100, 1e-4);
  for (size_t i = 0; i < expected.size(); ++i) {
    const Parameter& parameter = model_.parameters().all()[i];
    if (!expected[i].defined()) continue;  // of the eye and the ear
    const auto size = expected[i].abs().max().item<double>();
    EXPECT_LE((parameter.value.grad() - expected[i]).abs().max().item<double>(), 1e-3 * size)
        << parameter.name;
  }
}

TEST_F(PolicyTest, TheSamplersProbabilitiesAreTrainings) {
  EXPECT_LT(add_policy_gradient(model_, samples(), 100, torch::kFloat).gap, 1e-5);
}

TEST_F(PolicyTest, AGapIsSeen) {
  std::vector<PolicySample> all = samples();
  for (PolicySample& sample : all) {
    for (float& seen : sample.log_probabilities) seen += 0.5F;
  }
  EXPECT_NEAR(add_policy_gradient(model_, all, 100, torch::kFloat).gap, 0.5, 1e-4);
}

}  // namespace
}  // namespace melete::train
