// The sampler beside training's own forward path: the same probabilities, whatever is written side
// by side.

#include "reinforce/sampler.h"

#include <gmock/gmock.h>

#include <cmath>
#include <map>

#include "data/sequence.h"
#include "text/vocabulary.h"
#include "train/loop/loop_fixture.h"

namespace melete::train {
namespace {

using testing::SizeIs;

// A model that has learnt enough to end its answers, and prompts of several lengths.
class SamplerTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto trainer = run_.trainer();
    for (int step = 0; step < 20; ++step) ASSERT_TRUE(trainer->step());
    for (const std::vector<Part>& question :
         {std::vector<Part>{"Hi"},
          {"Start with 3, add 4. Work modulo 5. Which number do you get?"},
          {Picture{2, 2, std::vector<uint8_t>(12, 90)}, "Who are you?"}}) {
      prompts_.push_back({writer_.question(question), 11 + prompts_.size()});
    }
  }

  std::vector<Rollout> answers(SamplerOptions options, int64_t copies,
                               torch::ScalarType type = torch::kFloat) {
    options.end = Tokenizer().id(kTurnEnd);
    return Sampler(run_.model, type, options).answers(prompts_, copies);
  }

  // What training says of an answer's tokens: one pass over the question and the whole answer.
  std::vector<float> trained(const Sequence& prompt, const Rollout& rollout,
                             torch::ScalarType type) const {
    Sequence whole = prompt;
    whole.tokens.insert(whole.tokens.end(), rollout.tokens.begin(), rollout.tokens.end());
    whole.taught.resize(whole.tokens.size(), 1);
    Packer packer(1, std::ssize(whole.tokens), 0);
    EXPECT_TRUE(packer.add(whole));
    const torch::NoGradGuard guard;
    const Batch batch = make_batch(std::move(packer).take(), type);
    const torch::Tensor chosen = run_.model.log_probabilities(batch, batch.taught_places)
                                     .gather(1, batch.targets.unsqueeze(1))
                                     .contiguous();
    return {chosen.data_ptr<float>(), chosen.data_ptr<float>() + chosen.numel()};
  }

  TinyRun run_;
  SequenceWriter writer_{media_shape(run_.model.config())};
  std::vector<Prompt> prompts_;
};

TEST_F(SamplerTest, ItsProbabilitiesAreThoseOfTraining) {
  constexpr int64_t kCopies = 6;
  for (const torch::ScalarType type : {torch::kFloat, torch::kBFloat16}) {
    const std::vector<Rollout> rollouts = answers({.most_tokens = 48}, kCopies, type);
    ASSERT_THAT(rollouts, SizeIs(3 * kCopies));
    double largest = 0;
    double sum = 0;
    int64_t tokens = 0;
    for (size_t i = 0; i < rollouts.size(); ++i) {
      const std::vector<float> expected =
          trained(prompts_[i / kCopies].sequence, rollouts[i], type);
      ASSERT_EQ(expected.size(), rollouts[i].log_probabilities.size());
      for (size_t token = 0; token < expected.size(); ++token) {
        const double gap = std::abs(expected[token] - rollouts[i].log_probabilities[token]);
        largest = std::max(largest, gap);
        sum += gap;
        ++tokens;
      }
    }
    // A bfloat16 has eight bits: logits near 10 lie 0.06 apart.
    EXPECT_LT(largest, type == torch::kFloat ? 1e-4 : 0.25) << toString(type);
    EXPECT_LT(sum / static_cast<double>(tokens), type == torch::kFloat ? 1e-5 : 0.03);
  }
}

TEST_F(SamplerTest, AnswersEndThemselvesOrAreCutOff) {
  const std::vector<Rollout> rollouts = answers({.most_tokens = 40}, 20);
  const int32_t end = Tokenizer().id(kTurnEnd);
  int64_t ended = 0;
  for (const Rollout& rollout : rollouts) {
    EXPECT_EQ(rollout.ended, rollout.tokens.back() == end);
    EXPECT_EQ(std::ranges::count(rollout.tokens, end), rollout.ended ? 1 : 0);
    if (!rollout.ended) {
      EXPECT_THAT(rollout.tokens, SizeIs(40));
    }
    EXPECT_GT(rollout.entropy, 0);
    ended += rollout.ended ? 1 : 0;
  }
  EXPECT_GT(ended, 0);
}

TEST_F(SamplerTest, AnAnswerDependsOnItsSeedAndOnNothingBesideIt) {
  const std::vector<Rollout> together = answers({.most_tokens = 30}, 5);
  const std::vector<Rollout> apart = answers({.most_tokens = 30, .rows = 1}, 5);
  for (size_t i = 0; i < together.size(); ++i) EXPECT_EQ(together[i].tokens, apart[i].tokens) << i;
  prompts_.erase(prompts_.begin());
  const std::vector<Rollout> fewer = answers({.most_tokens = 30}, 2);
  EXPECT_EQ(fewer[0].tokens, together[5].tokens);
  prompts_[0].seed = 99;
  EXPECT_NE(answers({.most_tokens = 30}, 2)[0].tokens, fewer[0].tokens);
}

TEST_F(SamplerTest, TokensComeAsOftenAsTheModelSays) {
  prompts_.resize(1);
  const std::vector<Rollout> rollouts = answers({.most_tokens = 1}, 2000);
  std::map<int32_t, int> counts;
  std::map<int32_t, double> chances;
  for (const Rollout& rollout : rollouts) {
    ++counts[rollout.tokens[0]];
    chances[rollout.tokens[0]] = std::exp(rollout.log_probabilities[0]);
  }
  EXPECT_GT(counts.size(), 5U);
  for (const auto& [token, count] : counts) {
    EXPECT_NEAR(count / 2000.0, chances[token], 0.05) << token;
  }
}

TEST_F(SamplerTest, TheLikeliestAnswerIsTheSameForEverySeed) {
  const SamplerOptions options{.most_tokens = 12, .choice = Choice::Likeliest};
  const std::vector<Rollout> rollouts = answers(options, 3);
  EXPECT_EQ(rollouts[0].tokens, rollouts[1].tokens);
  const Sequence& prompt = prompts_[0].sequence;
  Packer packer(1, std::ssize(prompt.tokens), 0);
  packer.add(prompt);
  const torch::NoGradGuard guard;
  const Batch batch = make_batch(std::move(packer).take(), torch::kFloat);
  const torch::Tensor last = torch::tensor({std::ssize(prompt.tokens) - 1});
  EXPECT_EQ(rollouts[0].tokens[0],
            run_.model.log_probabilities(batch, last).argmax(1).item<int64_t>());
}

}  // namespace
}  // namespace melete::train
