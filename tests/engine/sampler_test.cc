// The sampler against llama.cpp's full chain, and the numbers that break samplers.

#include "engine/sampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>

#include "engine/top_logits.h"

namespace melete::engine {
namespace {

constexpr int kVocabulary = 20'000;
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

std::vector<float> random_logits(uint32_t seed, int count = kVocabulary) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0, 3);
  std::vector<float> logits(static_cast<size_t>(count));
  for (float& logit : logits) logit = normal(random);
  return logits;
}

Sampler make_sampler(const chat::Sampling& sampling, uint32_t seed = 1) {
  return Sampler(nullptr, sampling, {}, seed);
}

llama_token sample(Sampler& sampler, const std::vector<float>& logits) {
  return sampler.sample(logits.data(), static_cast<int>(logits.size()));
}

// llama.cpp's own chain over the whole vocabulary.
class FullChain {
 public:
  FullChain(int top_k, uint32_t seed) : chain_(llama_sampler_chain_init({.no_perf = true})) {
    llama_sampler_chain_add(chain_, llama_sampler_init_top_k(top_k));
    llama_sampler_chain_add(chain_, llama_sampler_init_top_p(0.95F, 1));
    llama_sampler_chain_add(chain_, llama_sampler_init_min_p(0.05F, 1));
    llama_sampler_chain_add(chain_, llama_sampler_init_temp(0.8F));
    llama_sampler_chain_add(chain_, llama_sampler_init_dist(seed));
  }
  ~FullChain() { llama_sampler_free(chain_); }
  FullChain(const FullChain&) = delete;
  FullChain& operator=(const FullChain&) = delete;

  llama_token sample(const std::vector<float>& logits) {
    std::vector<llama_token_data> all;
    for (size_t i = 0; i < logits.size(); ++i)
      all.push_back({static_cast<llama_token>(i), logits[i], 0});
    llama_token_data_array array{all.data(), all.size(), -1, false};
    llama_sampler_apply(chain_, &array);
    return array.data[array.selected].id;
  }

 private:
  llama_sampler* chain_;
};

class SameAsFullChain : public testing::TestWithParam<int> {};

TEST_P(SameAsFullChain, TokenForToken) {
  chat::Sampling sampling;
  sampling.top_k = GetParam();
  Sampler sampler = make_sampler(sampling, 7);
  FullChain chain(GetParam(), 7);
  for (uint32_t step = 0; step < 300; ++step) {
    const std::vector<float> logits = random_logits(step);
    ASSERT_EQ(sample(sampler, logits), chain.sample(logits)) << "step " << step;
  }
}

INSTANTIATE_TEST_SUITE_P(TopK, SameAsFullChain, testing::Values(0, 1, 2, 40, 1024));

// What the engine has for a nucleus without sorting everything, against the plain way.
TEST(Nucleus, IsThatOfASortedVocabulary) {
  for (const float sharpness : {0.1F, 1.0F, 4.0F}) {
    for (const double part : {0.01, 0.5, 0.95, 0.9999}) {
      std::vector<float> logits = random_logits(11, 5000);
      for (float& logit : logits) logit *= sharpness;
      std::vector<llama_token_data> sorted = all_logits(logits);
      std::ranges::stable_sort(sorted, std::greater(), &llama_token_data::logit);
      double sum = 0;
      size_t length = 0;
      const double enough = part * std::exp(log_sum_exp(logits));
      while (length < sorted.size() && sum < enough) sum += std::exp(sorted[length++].logit);

      const std::vector<llama_token_data> found = nucleus(logits, part, 0);
      ASSERT_NEAR(static_cast<double>(found.size()), static_cast<double>(length), 1)
          << sharpness << " " << part;
      for (size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i].id, sorted[i].id) << i;
    }
  }
}

TEST(Nucleus, LeavesOutOnlyWhatIsBelowTheFloor) {
  const std::vector<float> logits = random_logits(12);
  const std::vector<llama_token_data> whole = nucleus(logits, 0.95, 0);
  const std::vector<llama_token_data> found = nucleus(logits, 0.95, 0.05);
  ASSERT_LT(found.size(), whole.size());
  for (size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i].id, whole[i].id) << i;
  EXPECT_LT(whole[found.size()].logit, whole.front().logit + std::log(0.05));
}

TEST(Sampler, GreedyTakesTheLargestAndTheFirstOfEquals) {
  chat::Sampling sampling;
  sampling.temperature = 0;
  Sampler sampler = make_sampler(sampling);
  std::vector<float> logits = random_logits(3);
  logits[700] = logits[900] = 50;
  EXPECT_EQ(sample(sampler, logits), 700);
}

TEST(Sampler, TheSameSeedGivesTheSameTokens) {
  Sampler one = make_sampler({}, 5);
  Sampler two = make_sampler({}, 5);
  Sampler other = make_sampler({}, 6);
  int differences = 0;
  for (uint32_t step = 0; step < 200; ++step) {
    const std::vector<float> logits = random_logits(step);
    const llama_token token = sample(one, logits);
    EXPECT_EQ(token, sample(two, logits));
    differences += token != sample(other, logits) ? 1 : 0;
  }
  EXPECT_GT(differences, 50);
}

TEST(Sampler, ARowIsLeftAsItIs) {
  chat::Sampling sampling;
  sampling.frequency_penalty = 1;
  sampling.logit_bias[3] = -5;
  Sampler sampler = make_sampler(sampling);
  const std::vector<float> row = random_logits(1);
  for (int i = 0; i < 5; ++i) sampler.accept(sample(sampler, row));
  EXPECT_EQ(row, random_logits(1));
}

TEST(Sampler, NumbersThatAreNoneAreNeverChosen) {
  for (const int top_k : {0, 40}) {
    for (const double temperature : {0.0, 0.8}) {
      chat::Sampling sampling;
      sampling.top_k = top_k;
      sampling.temperature = temperature;
      Sampler sampler = make_sampler(sampling);
      std::vector<float> logits(1000, kNan);
      logits[10] = -kInfinity;
      logits[20] = 1;
      EXPECT_EQ(sample(sampler, logits), 20);
      logits[30] = kInfinity;
      EXPECT_EQ(sample(sampler, logits), 30);
      EXPECT_EQ(sample(sampler, std::vector<float>(1000, kNan)), 0);
      EXPECT_EQ(sample(sampler, std::vector<float>(1000, -kInfinity)), 0);
      EXPECT_LT(sample(sampler, std::vector<float>(1000, kInfinity)), 1000);
    }
  }
}

TEST(Sampler, ABiasMovesItsTokenAlone) {
  chat::Sampling sampling;
  sampling.temperature = 0;
  sampling.logit_bias[5] = 1000;
  sampling.logit_bias[kVocabulary + 5] = 1000;
  Sampler raised = make_sampler(sampling);
  EXPECT_EQ(sample(raised, random_logits(1)), 5);

  const std::vector<float> logits = random_logits(2);
  const llama_token best = top_logits(logits, 1).front().id;
  chat::Sampling without;
  without.temperature = 0;
  without.logit_bias[best] = -kInfinity;
  Sampler lowered = make_sampler(without);
  EXPECT_EQ(sample(lowered, logits), top_logits(logits, 2)[1].id);
}

TEST(Sampler, PenaltiesTurnFromWhatWasWritten) {
  std::vector<float> logits(100, 0);
  logits[1] = 3.0F;
  logits[2] = 2.5F;
  chat::Sampling frequency;
  frequency.temperature = 0;
  frequency.frequency_penalty = 0.3;
  Sampler sampler = make_sampler(frequency);
  std::vector<llama_token> tokens;
  for (int i = 0; i < 4; ++i) {
    tokens.push_back(sample(sampler, logits));
    sampler.accept(tokens.back());
  }
  EXPECT_EQ(tokens, (std::vector<llama_token>{1, 1, 2, 1}));

  chat::Sampling repeat;
  repeat.temperature = 0;
  repeat.repeat_penalty = 2;
  Sampler repeating = make_sampler(repeat);
  repeating.accept(1);
  EXPECT_EQ(sample(repeating, logits), 2);
}

TEST(Sampler, LogprobsAreOfTheUnchangedLogits) {
  std::vector<float> logits(4, -kInfinity);
  logits[0] = std::log(0.5F);
  logits[1] = std::log(0.25F);
  logits[2] = std::log(0.25F);
  chat::Sampling sampling;
  sampling.temperature = 0;
  sampling.logit_bias[1] = 100;
  sampling.top_logprobs = 2;
  Sampler sampler = make_sampler(sampling);
  EXPECT_EQ(sample(sampler, logits), 1);
  ASSERT_TRUE(sampler.logprob());
  EXPECT_NEAR(sampler.logprob()->logprob, std::log(0.25), 1e-6);
  ASSERT_EQ(sampler.logprob()->top.size(), 2U);
  EXPECT_EQ(sampler.logprob()->top[0].first, "0");
  EXPECT_NEAR(sampler.logprob()->top[0].second, std::log(0.5), 1e-6);
}

TEST(TopLogits, AreThoseOfASortedVocabulary) {
  for (const int count : {1, 255, 256, 257, 5000}) {
    std::vector<float> logits = random_logits(9, count);
    for (size_t i = 0; i + 10 < logits.size(); i += 10) logits[i] = logits[i + 5];
    std::vector<llama_token_data> sorted = all_logits(logits);
    std::ranges::stable_sort(sorted, std::greater(), &llama_token_data::logit);
    const std::vector<llama_token_data> top = top_logits(logits, 100);
    ASSERT_EQ(top.size(), std::min<size_t>(100, logits.size()));
    for (size_t i = 0; i < top.size(); ++i) EXPECT_EQ(top[i].id, sorted[i].id) << i;
  }
}

}  // namespace
}  // namespace melete::engine
