// Open weights in libtorch and in llama.cpp: the same probabilities after every token.

#include "gguf/base_model.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

#include "train/gguf/family_file.h"
#include "train/gguf/next_tokens.h"
#include "train/gguf/plain_llama.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

using testing::HasSubstr;

// Nats, at the token where two computations of the same floats differ most.
constexpr double kExact = 2e-3;

// llama.cpp rounds what it multiplies with four-bit weights to eight bits; libtorch does not.
constexpr double kQuantised = 0.25;
constexpr double kQuantisedMean = 0.05;

std::unique_ptr<Model> loaded(const std::filesystem::path& file) {
  Result<std::unique_ptr<Model>> model = load_base_model(file);
  EXPECT_TRUE(model) << model.error().message;
  return model ? std::move(*model) : nullptr;
}

std::vector<int32_t> some_tokens() {
  std::vector<int32_t> tokens;
  for (int32_t i = 0; i < 40; ++i) tokens.push_back((i * i + 7 * i) % kFamilyTokens);
  return tokens;
}

struct Kind {
  const char* family;
  ggml_type type;
  bool tied;
};

class Families : public testing::TestWithParam<Kind> {};

TEST_P(Families, AFileSaysTheSameHereAndInLlamaCpp) {
  const TemporaryFolder folder;
  FamilyFile file{.family = GetParam().family, .type = GetParam().type, .tied = GetParam().tied};
  write_family_file(folder / "packed.gguf", file);
  file.unpacked = true;
  write_family_file(folder / "unpacked.gguf", file);
  const auto model = loaded(folder / "packed.gguf");
  ASSERT_TRUE(model);
  const torch::Tensor here = next_tokens(*model, some_tokens());
  const torch::Tensor there = PlainLlama(folder / "unpacked.gguf").log_probabilities(some_tokens());
  EXPECT_LT((here - there).abs().max().item<double>(), kExact);
  EXPECT_GT((here.select(0, 5) - here.select(0, 6)).abs().max().item<double>(), 0.1);
}

INSTANTIATE_TEST_SUITE_P(
    EveryFamilyAndType, Families,
    testing::Values(Kind{"llama", GGML_TYPE_F32, false}, Kind{"llama", GGML_TYPE_Q4_1, true},
                    Kind{"llama", GGML_TYPE_Q4_K, false}, Kind{"qwen2", GGML_TYPE_F16, false},
                    Kind{"qwen2", GGML_TYPE_Q6_K, true}, Kind{"qwen2", GGML_TYPE_Q4_0, false},
                    Kind{"qwen3", GGML_TYPE_BF16, true}, Kind{"qwen3", GGML_TYPE_Q8_0, false},
                    Kind{"qwen3", GGML_TYPE_Q5_K, false}, Kind{"qwen3", GGML_TYPE_Q5_0, false},
                    Kind{"qwen3", GGML_TYPE_Q5_1, false}),
    [](const auto& info) {
      return std::string(info.param.family) + "_" + ggml_type_name(info.param.type);
    });

TEST(BaseModel, TheSmallRealModelSaysAlmostTheSame) {
  const char* file = std::getenv("MELETE_TEST_MODEL");
  if (file == nullptr || *file == 0) GTEST_SKIP() << "MELETE_TEST_MODEL names no model file";
  const PlainLlama there(file);
  const std::vector<int32_t> tokens = there.tokens_of(
      "<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n"
      "The capital of France is Paris.<|im_end|>\n");
  const auto model = loaded(file);
  ASSERT_TRUE(model);
  const torch::Tensor targets = torch::tensor(tokens, torch::kLong).slice(0, 1).unsqueeze(1);
  const auto chosen = [&](const torch::Tensor& all) {
    return all.slice(0, 0, -1).gather(1, targets);
  };
  const torch::Tensor apart =
      (chosen(next_tokens(*model, tokens)) - chosen(there.log_probabilities(tokens))).abs();
  RecordProperty("most", std::to_string(apart.max().item<double>()));
  RecordProperty("mean", std::to_string(apart.mean().item<double>()));
  EXPECT_LT(apart.max().item<double>(), kQuantised);
  EXPECT_LT(apart.mean().item<double>(), kQuantisedMean);
}

// Half the memory, and what is lost stays small.
TEST(BaseModel, Bfloat16LosesLittle) {
  const TemporaryFolder folder;
  write_family_file(folder / "model.gguf", {.type = GGML_TYPE_Q8_0});
  const auto exact = loaded(folder / "model.gguf");
  const Result<std::unique_ptr<Model>> narrow =
      load_base_model(folder / "model.gguf", {.type = torch::kBFloat16});
  ASSERT_TRUE(exact && narrow);
  const torch::Tensor apart =
      (next_tokens(*exact, some_tokens()) - next_tokens(**narrow, some_tokens())).abs();
  EXPECT_LT(apart.max().item<double>(), 0.1);
  EXPECT_GT(apart.max().item<double>(), 0);
}

TEST(BaseModel, NothingLearnsWithoutAnAdapter) {
  const TemporaryFolder folder;
  write_family_file(folder / "model.gguf", {});
  const auto model = loaded(folder / "model.gguf");
  ASSERT_TRUE(model);
  EXPECT_EQ(model->parameters().count(), 0);
  EXPECT_FALSE(next_tokens(*model, some_tokens()).requires_grad());
}

struct Refusal {
  FamilyFile file;
  const char* why;
};

TEST(BaseModel, WhatCannotBeTrainedIsRefusedWithWhatCan) {
  const TemporaryFolder folder;
  for (const Refusal& refusal : std::initializer_list<Refusal>{
           {{.family = "gemma3"}, "its family is \"gemma3\""},
           {{.type = GGML_TYPE_Q2_K}, "token_embd.weight is of the type Q2_K"},
           {{.extra_key = "expert_count"}, "a mixture of experts"},
           {{.extra_key = "rope.dimension_count"}, "llama.rope.dimension_count"},
           {{.extra_tensor = "rope_freqs.weight"}, "rope_freqs.weight"},
           {{.left_out = "blk.1.ffn_up.weight"}, "no tensor blk.1.ffn_up.weight"},
           {{.left_out = "token_embd.weight"}, "no tensor token_embd.weight"}}) {
    write_family_file(folder / "model.gguf", refusal.file);
    const Result<std::unique_ptr<Model>> model = load_base_model(folder / "model.gguf");
    ASSERT_FALSE(model) << refusal.why;
    EXPECT_EQ(model.error().code, ErrorCode::Unsupported);
    EXPECT_THAT(model.error().message, HasSubstr(refusal.why));
    EXPECT_THAT(model.error().message, HasSubstr("llama, qwen2, qwen3"));
    EXPECT_THAT(model.error().message, HasSubstr("Q4_K"));
  }
}

TEST(BaseModel, AFileThatIsMissingOrNoModelIsAnError) {
  const TemporaryFolder folder;
  EXPECT_EQ(load_base_model(folder / "none.gguf").error().code, ErrorCode::NotFound);
  std::ofstream(folder / "text.gguf") << "once upon a time";
  EXPECT_EQ(load_base_model(folder / "text.gguf").error().code, ErrorCode::Corrupt);
}

}  // namespace
}  // namespace melete::train
