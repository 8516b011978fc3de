// What a model is given when it is asked for more tokens than it was trained for.

#include "engine/context_length.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melete::engine {
namespace {

using testing::AllOf;
using testing::HasSubstr;

models::GgufFile trained_for(uint64_t tokens) {
  models::GgufFile file;
  file.metadata["general.architecture"] = std::string("llama");
  file.metadata["llama.context_length"] = tokens;
  return file;
}

EngineOptions asking(int64_t tokens, RopeScaling scaling = RopeScaling::None) {
  EngineOptions options;
  options.name = "m";
  options.context_tokens = tokens;
  options.rope_scaling = scaling;
  return options;
}

llama_context_params params_for(const ContextLength& length) {
  llama_context_params params = llama_context_default_params();
  scale_positions(length, params);
  return params;
}

TEST(ContextLength, IsTheModelsOwnUpTo32768) {
  EXPECT_EQ(choose_context(asking(0), trained_for(8192))->tokens, 8192);
  EXPECT_EQ(choose_context(asking(0), trained_for(1 << 20))->tokens, 32768);
  EXPECT_EQ(choose_context(asking(1 << 18), trained_for(1 << 20))->tokens, 1 << 18);
}

TEST(ContextLength, BeyondTrainingNeedsAScaling) {
  const auto refused = choose_context(asking(16384), trained_for(8192));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::InvalidArgument);
  EXPECT_THAT(refused.error().message,
              AllOf(HasSubstr("8192"), HasSubstr("16384"), HasSubstr("--rope-scaling")));
  EXPECT_EQ(choose_context(asking(16384, RopeScaling::Yarn), trained_for(8192))->tokens, 16384);
}

TEST(ContextLength, WithinTrainingNothingIsScaled) {
  const auto length = choose_context(asking(4096, RopeScaling::Yarn), trained_for(8192));
  EXPECT_EQ(length->scaling, RopeScaling::None);
  EXPECT_EQ(params_for(*length).rope_scaling_type, LLAMA_ROPE_SCALING_TYPE_UNSPECIFIED);
  EXPECT_EQ(params_for(*length).rope_freq_scale, 0) << "the file's own";
}

TEST(ContextLength, PositionsShrinkByWhatIsAskedOverWhatWasTrained) {
  const auto yarn = choose_context(asking(131072, RopeScaling::Yarn), trained_for(8192));
  EXPECT_EQ(params_for(*yarn).rope_scaling_type, LLAMA_ROPE_SCALING_TYPE_YARN);
  EXPECT_EQ(params_for(*yarn).rope_freq_scale, 1.0f / 16);
  EXPECT_EQ(params_for(*yarn).yarn_orig_ctx, 8192u);
  const auto linear = choose_context(asking(16384, RopeScaling::Linear), trained_for(8192));
  EXPECT_EQ(params_for(*linear).rope_scaling_type, LLAMA_ROPE_SCALING_TYPE_LINEAR);
  EXPECT_EQ(params_for(*linear).rope_freq_scale, 0.5f);
}

TEST(ContextLength, ScalesFromWhereTheFilesOwnScalingBegan) {
  models::GgufFile file = trained_for(131072);
  file.metadata["llama.rope.scaling.original_context_length"] = uint64_t{32768};
  const auto length = choose_context(asking(262144, RopeScaling::Yarn), file);
  EXPECT_EQ(params_for(*length).rope_freq_scale, 1.0f / 8);
  EXPECT_EQ(params_for(*length).yarn_orig_ctx, 32768u);
}

}  // namespace
}  // namespace melete::engine
