// What a model may see, what a batch teaches, and that its weights learn.

#include "model/model.h"

#include <gtest/gtest.h>

#include <cmath>

#include "data/sequence.h"
#include "text/vocabulary.h"

namespace melete::train {
namespace {

Batch batch_of(const std::vector<Sequence>& sequences, int64_t rows, int64_t length,
               torch::ScalarType type = torch::kFloat) {
  Packer packer(rows, length, Tokenizer().id(kPadding));
  for (const Sequence& sequence : sequences) EXPECT_TRUE(packer.add(sequence));
  return make_batch(std::move(packer).take(), type);
}

class ModelTest : public testing::Test {
 protected:
  const ModelConfig config_ = *model_config("S");
  const Model model_{config_, 1};
  const SequenceWriter writer_{media_shape(config_)};
};

Picture grey(uint8_t shade) {
  return {64, 64, std::vector<uint8_t>(size_t{3} * 64 * 64, shade)};
}

// A tone that rises.
Sound siren(size_t samples) {
  Sound sound(samples);
  for (size_t i = 0; i < samples; ++i) {
    const double time = static_cast<double>(i) / kSampleRate;
    sound[i] = static_cast<float>(0.3 * std::sin(2 * M_PI * (300 + 600 * time) * time));
  }
  return sound;
}

// The hidden states of a text, of all its places.
torch::Tensor hidden_of(const Model& model, const Batch& batch) {
  const torch::NoGradGuard guard;
  return model.hidden(batch).flatten(0, 1);
}

TEST_F(ModelTest, HasAboutAMillionParameters) {
  EXPECT_GT(model_.parameters().count(), 800'000);
  EXPECT_LT(model_.parameters().count(), 1'300'000);
}

TEST_F(ModelTest, UnknownSizesAreRefused) {
  EXPECT_EQ(model_config("XL").error().code, ErrorCode::NotFound);
}

TEST_F(ModelTest, TextSeesOnlyWhatStandsBefore) {
  const Batch one = batch_of({writer_.question({"abcdef"})}, 1, 64);
  const Batch two = batch_of({writer_.question({"abcxyz"})}, 1, 64);
  const torch::Tensor difference = (hidden_of(model_, one) - hidden_of(model_, two)).abs().amax(1);
  const int64_t same = 3 + std::ssize(Tokenizer().encode("<|im_start|>user\n"));
  EXPECT_LT(difference.slice(0, 0, same).max().item<float>(), 1e-5);
  EXPECT_GT(difference[same].item<float>(), 1e-3);
}

TEST_F(ModelTest, APictureSeesItselfWholeAndTheTextBefore) {
  Picture changed = grey(100);
  for (size_t i = 0; i < 90; ++i) changed.pixels[changed.pixels.size() - 1 - i] = 250;
  const Sequence plain = writer_.question({"look", grey(100)});
  const Batch one = batch_of({plain}, 1, 128);
  const Batch two = batch_of({writer_.question({"look", changed})}, 1, 128);
  const torch::Tensor difference = (hidden_of(model_, one) - hidden_of(model_, two)).abs().amax(1);
  const int64_t first = plain.pictures[0].first;
  EXPECT_LT(difference.slice(0, 0, first).max().item<float>(), 1e-6);
  EXPECT_GT(difference[first].item<float>(), 1e-6) << "its first token sees its last pixels";
}

TEST_F(ModelTest, ASoundIsReadInOrder) {
  Sound changed(30000, 0.1F);
  for (size_t i = 25000; i < changed.size(); ++i) changed[i] = i % 2 == 0 ? 0.1F : -0.1F;
  const Sequence plain = writer_.question({Sound(30000, 0.1F)});
  const Batch one = batch_of({plain}, 1, 128);
  const Batch two = batch_of({writer_.question({changed})}, 1, 128);
  const torch::Tensor difference = (hidden_of(model_, one) - hidden_of(model_, two)).abs().amax(1);
  const int64_t second = plain.sounds[0].first + kChunkTokens;
  EXPECT_LT(difference[second - 1].item<float>(), 0.05F) << "only the loudest level changed it";
  EXPECT_GT(difference[second + 10].item<float>(), 0.05F);
}

TEST_F(ModelTest, SequencesInOneRowDoNotSeeEachOther) {
  const Sequence first = writer_.question({"What is 2+2?"});
  const Sequence second = writer_.question({grey(30), "and this?"});
  const torch::Tensor together = hidden_of(model_, batch_of({first, second}, 1, 160));
  const torch::Tensor alone = hidden_of(model_, batch_of({second}, 1, 160));
  const int64_t from = std::ssize(first.tokens);
  const int64_t count = std::ssize(second.tokens);
  EXPECT_LT(
      (together.slice(0, from, from + count) - alone.slice(0, 0, count)).abs().max().item<float>(),
      1e-4);
}

TEST_F(ModelTest, ANewModelIsAsUnsureAsItsVocabularyIsLarge) {
  const Batch batch = batch_of({writer_.whole({{"Say a word."}, "", "Answer: tree"})}, 1, 64);
  EXPECT_NEAR(model_.loss(batch).item<double>(), std::log(vocabulary().size()), 1.0);
}

TEST_F(ModelTest, EveryWeightGetsAGradientThroughBfloat16) {
  const Example example{{grey(40), Sound(8000, 0.1F), "what?"}, "looking", "Answer: 1"};
  const Batch batch = batch_of({writer_.whole(example)}, 1, 160, torch::kBFloat16);
  model_.loss(batch).backward();
  for (const Parameter& parameter : model_.parameters().all()) {
    ASSERT_TRUE(parameter.value.grad().defined()) << parameter.name;
    EXPECT_EQ(parameter.value.grad().scalar_type(), torch::kFloat) << parameter.name;
    EXPECT_TRUE(parameter.value.grad().isfinite().all().item<bool>()) << parameter.name;
  }
}

// Along a random direction of each weight the loss changes as its gradient says.
TEST_F(ModelTest, EveryGradientIsHowTheLossChanges) {
  constexpr double kReach = 0.02;  // along the direction, whose length is about 1.4
  const Example example{{grey(40), siren(70000), "what?"}, "looking", "Answer: 1"};
  const Batch batch = batch_of({writer_.whole(example)}, 1, 256);
  model_.loss(batch).backward();
  const torch::NoGradGuard guard;
  torch::manual_seed(1);
  for (const Parameter& parameter : model_.parameters().all()) {
    const torch::Tensor& gradient = parameter.value.grad();
    // Partly the gradient's own, so that the change is not lost in rounding.
    const torch::Tensor aside = torch::randn_like(gradient);
    const torch::Tensor direction = gradient / gradient.norm() + aside / aside.norm();
    const auto loss_at = [&](double reach) {
      torch::Tensor weight = parameter.value;
      const torch::Tensor kept = weight.clone();
      weight.add_(direction, reach);
      const auto loss = model_.loss(batch).item<double>();
      weight.copy_(kept);
      return loss;
    };
    const double measured = (loss_at(kReach) - loss_at(-kReach)) / (2 * kReach);
    const auto expected = (gradient * direction).sum().item<double>();
    EXPECT_NEAR(measured, expected, 0.05 * std::abs(expected) + 2e-5) << parameter.name;
  }
}

TEST_F(ModelTest, Bfloat16IsCloseToFloat) {
  const Sequence sequence = writer_.whole({{"2+3?"}, "", "Answer: 5"});
  const double wide = model_.loss(batch_of({sequence}, 1, 64)).item<double>();
  const double narrow = model_.loss(batch_of({sequence}, 1, 64, torch::kBFloat16)).item<double>();
  EXPECT_NEAR(wide, narrow, 0.05);
}

TEST_F(ModelTest, TheSameSeedMakesTheSameWeights) {
  const Model again(config_, 1);
  const Model other(config_, 2);
  const auto& mine = model_.parameters().all();
  for (size_t i = 0; i < mine.size(); ++i) {
    EXPECT_TRUE(torch::equal(mine[i].value, again.parameters().all()[i].value)) << mine[i].name;
  }
  EXPECT_FALSE(torch::equal(mine[0].value, other.parameters().all()[0].value));
}

}  // namespace
}  // namespace melete::train
