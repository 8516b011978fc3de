// Which adapters fit a model, and what is said of those that do not.

#include "models/adapter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <utility>

namespace melete::models {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr uint32_t kF32 = 0;
constexpr uint32_t kQ4K = 12;

GgufTensor tensor(std::string name, std::vector<uint64_t> shape, uint32_t type = kF32) {
  return {.name = std::move(name), .shape = std::move(shape), .type = type};
}

GgufFile base() {
  GgufFile file;
  file.metadata["general.architecture"] = std::string("llama");
  file.tensors = {tensor("token_embd.weight", {64, 300}, kQ4K),
                  tensor("output.weight", {64, 300}, kQ4K),
                  tensor("blk.0.attn_q.weight", {64, 128}, kQ4K),
                  tensor("blk.0.ffn_up_exps.weight", {64, 96, 4}, kQ4K)};
  return file;
}

GgufFile adapter() {
  GgufFile file;
  file.metadata["general.type"] = std::string("adapter");
  file.metadata["general.architecture"] = std::string("llama");
  file.metadata["adapter.type"] = std::string("lora");
  file.metadata["adapter.lora.alpha"] = 16.0;
  file.tensors = {tensor("blk.0.attn_q.weight.lora_a", {64, 8}),
                  tensor("blk.0.attn_q.weight.lora_b", {8, 128}),
                  tensor("blk.0.ffn_up_exps.weight.lora_a", {64, 8, 4}),
                  tensor("blk.0.ffn_up_exps.weight.lora_b", {8, 96, 4}),
                  tensor("token_embd.weight.lora_a", {8, 300}),
                  tensor("token_embd.weight.lora_b", {8, 64}),
                  tensor("blk.0.attn_norm.weight", {64})};
  return file;
}

// What is said of the adapter after a change.
std::string problem_after(const std::function<void(GgufFile&)>& change) {
  GgufFile changed = adapter();
  change(changed);
  return problem_of_adapter(changed, base());
}

TEST(Adapter, FitsAModelThatHasWhatItChanges) {
  EXPECT_EQ(problem_of_adapter(adapter(), base()), "");
}

TEST(Adapter, OfAnotherKindOrArchitectureIsNamed) {
  EXPECT_THAT(problem_of_adapter(base(), base()), HasSubstr("no LoRA adapter"));
  EXPECT_THAT(problem_after([](GgufFile& file) {
                file.metadata["general.architecture"] = std::string("qwen2");
              }),
              AllOf(HasSubstr("qwen2"), HasSubstr("llama")));
  EXPECT_THAT(problem_after([](GgufFile& file) {
                file.metadata["adapter.alora.invocation_tokens"] = GgufArray{.count = 1};
              }),
              HasSubstr("aLoRA"));
  EXPECT_THAT(
      problem_after([](GgufFile& file) { file.metadata["adapter.lora.alpha"] = uint64_t{16}; }),
      HasSubstr("adapter.lora.alpha"));
}

TEST(Adapter, OfAnotherShapeIsNamedWithAllThree) {
  for (const auto& [index, shape] : {std::pair<size_t, std::vector<uint64_t>>{0, {32, 8}},
                                     {0, {64, 4}},
                                     {0, {64, 8, 2}},
                                     {1, {8, 64}}}) {
    EXPECT_THAT(problem_after([&](GgufFile& file) { file.tensors[index].shape = shape; }),
                AllOf(HasSubstr("blk.0.attn_q.weight is 64 x 128"), HasSubstr("pair of")));
  }
  EXPECT_THAT(problem_after([](GgufFile& file) { file.tensors[3].shape = {8, 96, 5}; }),
              HasSubstr("blk.0.ffn_up_exps.weight is 64 x 96 x 4"));
  EXPECT_THAT(problem_after([](GgufFile& file) { file.tensors[4].shape = {16, 300}; }),
              HasSubstr("token_embd.weight is 64 x 300"));
}

TEST(Adapter, OfTensorsThatTheModelLacksIsNamed) {
  EXPECT_THAT(problem_after([](GgufFile& file) {
                file.tensors[0].name = "blk.9.attn_q.weight.lora_a";
                file.tensors[1].name = "blk.9.attn_q.weight.lora_b";
              }),
              AllOf(HasSubstr("blk.9.attn_q.weight"), HasSubstr("does not have")));
}

// llama.cpp would multiply the table with what only fits its rows, and end the process.
TEST(Adapter, OfEmbeddingsThatTheModelWritesWithIsRefused) {
  GgufFile tied = base();
  tied.tensors.erase(tied.tensors.begin() + 1);
  EXPECT_THAT(problem_of_adapter(adapter(), tied), HasSubstr("token_embd.weight"));
}

TEST(Adapter, ThatIsNotWholeOrHoldsOtherThingsIsRefused) {
  EXPECT_THAT(problem_after([](GgufFile& file) { file.tensors.erase(file.tensors.begin()); }),
              HasSubstr("blk.0.attn_q.weight.lora_b without its other half"));
  EXPECT_THAT(problem_after([](GgufFile& file) { file.tensors[0].name = "blk.0.attn_q.weight"; }),
              HasSubstr("no part of a LoRA adapter"));
  EXPECT_THAT(problem_after([](GgufFile& file) { file.tensors.clear(); }),
              HasSubstr("changes nothing"));
  EXPECT_THAT(problem_after([](GgufFile& file) { file.tensors[1].type = kQ4K; }),
              AllOf(HasSubstr("Q4_K"), HasSubstr("F16")));
}

}  // namespace
}  // namespace melete::models
