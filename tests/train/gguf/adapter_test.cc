// What is learnt beside open weights: only the adapter learns, and llama.cpp computes with it what
// libtorch does.

#include <gmock/gmock.h>

#include "gguf/base_model.h"
#include "gguf/export_adapter.h"
#include "models/adapter.h"
#include "models/gguf_file.h"
#include "train/gguf/family_file.h"
#include "train/gguf/next_tokens.h"
#include "train/gguf/plain_llama.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

constexpr double kTolerance = 2e-3;        // nats
constexpr double kMergedTolerance = 2e-2;  // its maps are rounded to F16

const std::vector<int32_t> kTokens = {5, 17, 3, 80, 41, 41, 9, 66, 2, 31};

class Adapter : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    write_family_file(base(), {.family = GetParam()});
    load({.rank = 4, .alpha = 8});
  }

  std::filesystem::path base() const { return folder_ / "base.gguf"; }

  void load(const AdapterConfig& adapter) {
    Result<std::unique_ptr<Model>> model = load_base_model(base(), {.adapter = adapter});
    ASSERT_TRUE(model) << model.error().message;
    model_ = std::move(*model);
  }

  // Moves every factor, as training does.
  void change() {
    const torch::NoGradGuard guard;
    at::manual_seed(11);
    for (const Parameter& parameter : model_->parameters().all()) {
      torch::Tensor(parameter.value).add_(torch::randn_like(parameter.value) * 0.1);
    }
  }

  torch::Tensor before() const { return PlainLlama(base()).log_probabilities(kTokens); }

  static double apart(const torch::Tensor& one, const torch::Tensor& other) {
    return (one - other).abs().max().item<double>();
  }

  TemporaryFolder folder_;
  std::unique_ptr<Model> model_;
};

TEST_P(Adapter, ANewOneChangesNothing) {
  EXPECT_LT(apart(next_tokens(*model_, kTokens), before()), kTolerance);
}

TEST_P(Adapter, OnlyItLearns) {
  const ParameterList& parameters = model_->parameters();
  EXPECT_EQ(std::ssize(parameters.all()), 2 * 7 * 2);  // layers, maps, factors
  const torch::Tensor said = next_tokens(*model_, kTokens);
  (-said.select(1, 7).mean()).backward();
  for (const Parameter& parameter : parameters.all()) {
    EXPECT_TRUE(parameter.value.grad().defined()) << parameter.name;
  }
  for (const Parameter& parameter : parameters.frozen()) {
    EXPECT_FALSE(parameter.value.requires_grad()) << parameter.name;
    EXPECT_FALSE(parameter.value.grad().defined()) << parameter.name;
  }
}

TEST_P(Adapter, LlamaCppComputesTheSameWithIt) {
  change();
  const Result<void> written = export_adapter(*model_, folder_ / "adapter.gguf", "changed");
  ASSERT_TRUE(written) << written.error().message;
  const torch::Tensor here = next_tokens(*model_, kTokens);
  const PlainLlama there(base(), folder_ / "adapter.gguf");
  EXPECT_LT(apart(here, there.log_probabilities(kTokens)), kTolerance);
  EXPECT_GT(apart(here, before()), 0.1);
}

TEST_P(Adapter, SoItDoesWithTheMergedModel) {
  change();
  const Result<void> written = export_merged(*model_, base(), folder_ / "merged.gguf");
  ASSERT_TRUE(written) << written.error().message;
  const PlainLlama there(folder_ / "merged.gguf");
  EXPECT_LT(apart(next_tokens(*model_, kTokens), there.log_probabilities(kTokens)),
            kMergedTolerance);
}

TEST_P(Adapter, SomeMapsAloneCanHaveOne) {
  load({.rank = 2, .alpha = 8, .maps = {"attn_q", "attn_v"}});
  EXPECT_EQ(std::ssize(model_->parameters().all()), 2 * 2 * 2);
  change();
  ASSERT_TRUE(export_adapter(*model_, folder_ / "adapter.gguf", "some"));
  const PlainLlama there(base(), folder_ / "adapter.gguf");
  EXPECT_LT(apart(next_tokens(*model_, kTokens), there.log_probabilities(kTokens)), kTolerance);
}

INSTANTIATE_TEST_SUITE_P(EveryFamily, Adapter, testing::Values("llama", "qwen2", "qwen3"),
                         [](const auto& info) { return std::string(info.param); });

TEST(AdapterFile, SaysWhatItIs) {
  const TemporaryFolder folder;
  write_family_file(folder / "base.gguf", {});
  const Result<std::unique_ptr<Model>> model =
      load_base_model(folder / "base.gguf", {.adapter = {.rank = 4, .alpha = 8}});
  ASSERT_TRUE(model) << model.error().message;
  ASSERT_TRUE(export_adapter(**model, folder / "adapter.gguf", "mine", 35));
  const Result<models::GgufFile> file = models::read_gguf(folder / "adapter.gguf");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->architecture(), "llama");
  EXPECT_EQ(file->text("general.type"), "adapter");
  EXPECT_EQ(file->text("adapter.type"), "lora");
  EXPECT_EQ(std::get<double>(file->metadata.at("adapter.lora.alpha")), 8);
  EXPECT_EQ(models::reasoning_percent(folder / "adapter.gguf"), 35);
  EXPECT_EQ(std::ssize(file->tensors), std::ssize((*model)->parameters().all()));
  // It is no model itself.
  EXPECT_EQ(load_base_model(folder / "adapter.gguf").error().code, ErrorCode::Unsupported);
}

TEST(AdapterFile, AFullDiskOrAnotherModelIsAnError) {
  const TemporaryFolder folder;
  write_family_file(folder / "base.gguf", {});
  write_family_file(folder / "other.gguf", {.left_out = "blk.1.attn_q.weight"});
  const Result<std::unique_ptr<Model>> model =
      load_base_model(folder / "base.gguf", {.adapter = {.rank = 4}});
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(export_adapter(**model, folder / "none/adapter.gguf", "mine").error().code,
            ErrorCode::StorageFull);
  EXPECT_EQ(export_merged(**model, folder / "other.gguf", folder / "m.gguf").error().code,
            ErrorCode::Conflict);
  EXPECT_EQ(export_merged(**model, folder / "none.gguf", folder / "m.gguf").error().code,
            ErrorCode::Corrupt);
}

}  // namespace
}  // namespace melete::train
