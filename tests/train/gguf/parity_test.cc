// The same random weights in libtorch and in the engine: the same probabilities of the next token,
// after text, pictures and sounds.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "chat/collect.h"
#include "data/sequence.h"
#include "engine/engine.h"
#include "gguf/export_model.h"
#include "gguf/import_model.h"
#include "model/eye_positions.h"
#include "text/tokenizer.h"
#include "text/vocabulary.h"
#include "train/full_disk.h"
#include "train/media_files.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

constexpr double kTolerance = 2e-3;

chat::Part as_sent(const Part& part) {
  if (const auto* picture = std::get_if<Picture>(&part))
    return chat::ImagePart{bmp_of(*picture), "image"};
  if (const auto* sound = std::get_if<Sound>(&part))
    return chat::AudioPart{wav_of(*sound), "sound"};
  return chat::TextPart{std::get<std::string>(part)};
}

class Parity : public testing::Test {
 protected:
  void SetUp() override {
    const ExportOptions exact{.matrices = WeightType::F32};
    const Result<void> decoder = export_decoder(model_, folder_ / "decoder.gguf", exact);
    ASSERT_TRUE(decoder) << decoder.error().message;
    const Result<void> projector = export_projector(model_, folder_ / "projector.gguf", exact);
    ASSERT_TRUE(projector) << projector.error().message;
    engine::EngineOptions options;
    options.name = "nano";
    options.model = folder_ / "decoder.gguf";
    options.projector = folder_ / "projector.gguf";
    options.threads = 1;
    options.step_costs = {{1, 1.0}};  // not measured: nothing runs side by side
    Result<std::unique_ptr<engine::Engine>> loaded = engine::Engine::load(options);
    ASSERT_TRUE(loaded) << loaded.error().message;
    engine_ = std::move(*loaded);
  }

  // What the engine says about the first token of an answer.
  std::vector<std::pair<std::string, double>> served(const std::vector<Part>& question) {
    chat::Request request;
    request.model = "nano";
    chat::Message message{chat::Role::User, {}};
    for (const Part& part : question) message.parts.push_back(as_sent(part));
    request.messages.push_back(std::move(message));
    request.sampling.temperature = 0;
    request.sampling.top_logprobs = 20;
    request.sampling.ignore_eos = true;
    request.limits.answer_tokens = 1;
    const chat::Completion answer = chat::collect_blocking(*engine_->start(request));
    EXPECT_FALSE(answer.error) << answer.error->message;
    if (answer.choices.empty() || answer.choices[0].logprobs.empty()) return {};
    return answer.choices[0].logprobs[0].top;
  }

  // What libtorch says about every token.
  torch::Tensor computed(const std::vector<Part>& question) {
    const Sequence sequence = SequenceWriter(media_shape(model_.config())).question(question);
    const int64_t length = std::ssize(sequence.tokens);
    Packer packer(1, length, 0);
    EXPECT_TRUE(packer.add(sequence));
    const torch::NoGradGuard guard;
    const Batch batch = make_batch(std::move(packer).take(), torch::kFloat);
    return model_.log_probabilities(batch, torch::tensor({length - 1}))[0];
  }

  void expect_agreement(const std::vector<Part>& question) {
    const auto rivals = served(question);
    ASSERT_GE(rivals.size(), 10U);
    const torch::Tensor expected = computed(question);
    for (const auto& [text, logprob] : rivals) {
      const std::vector<int32_t> ids = Tokenizer().encode(text);
      if (ids.size() != 1) continue;  // a mark, which has no text
      EXPECT_NEAR(logprob, expected[ids[0]].item<double>(), kTolerance) << text;
    }
  }

  TemporaryFolder folder_;
  Model model_{*model_config("S"), 3};
  std::unique_ptr<engine::Engine> engine_;
};

Picture coloured(int width, int height) {
  Picture picture{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (const int value : {x * 255 / width, y * 255 / height, (x * y) % 256}) {
        picture.pixels.push_back(static_cast<uint8_t>(value));
      }
    }
  }
  return picture;
}

Sound noisy(size_t samples) {
  std::mt19937 random(5);
  Sound sound(samples);
  for (size_t i = 0; i < samples; ++i) {
    const auto wave = static_cast<int>(9000 * std::sin(static_cast<double>(i * i) * 2e-6));
    sound[i] = static_cast<float>(wave + static_cast<int>(random() % 400)) / 32768;
  }
  return sound;
}

TEST_F(Parity, Text) {
  for (const char* text : {"Hi", "What is 17 + 25?", "Wie spät ist es? \\ \"@340@1000\"\n\n2048"}) {
    expect_agreement({std::string(text)});
  }
}

TEST_F(Parity, Picture) {
  for (const auto& [width, height] : {std::pair{64, 64}, {150, 90}, {20, 33}, {1, 1}}) {
    SCOPED_TRACE(testing::Message() << width << "x" << height);
    expect_agreement({coloured(width, height), std::string("How many shapes are there?")});
  }
}

TEST_F(Parity, Sound) {
  for (const size_t samples : {6000, 16000, 40000}) {
    SCOPED_TRACE(samples);
    expect_agreement({noisy(samples), std::string("Which digit is spoken?")});
  }
}

TEST_F(Parity, TextPicturesAndSoundsTogether) {
  expect_agreement({std::string("First "), coloured(100, 50), std::string(" then "), noisy(9000),
                    coloured(64, 64), std::string("what?")});
}

TEST_F(Parity, TwoTextsSideBySide) {
  expect_agreement({std::string("One."), std::string("Two?")});
  expect_agreement({coloured(64, 64), std::string("One."), std::string("Two?")});
}

class Import : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(export_decoder(model_, folder_ / "model.gguf"));
    ASSERT_TRUE(export_projector(model_, folder_ / "eyes.gguf"));
  }

  const TemporaryFolder folder_;
  const Model model_{*model_config("S"), 1};
};

TEST_F(Import, TakesUpWhatWasExported) {
  Model other(*model_config("S"), 2);
  ASSERT_TRUE(import_model(other, folder_ / "model.gguf", folder_ / "eyes.gguf"));
  for (size_t i = 0; i < model_.parameters().all().size(); ++i) {
    const Parameter& given = model_.parameters().all()[i];
    const torch::Tensor& taken = other.parameters().all()[i].value;
    EXPECT_TRUE(torch::allclose(taken, given.value, 1e-3, 1e-7)) << given.name;
  }
}

TEST_F(Import, ALargerEyeKnowsThePlacesBetween) {
  ModelConfig config = *model_config("S");
  config.vision->side *= 2;
  Model larger(config, 2);
  ASSERT_TRUE(import_model(larger, folder_ / "model.gguf", folder_ / "eyes.gguf"));
  const auto positions = [](const Model& model) {
    return std::ranges::find(model.parameters().all(), kEyePositions, &Parameter::name)->value;
  };
  const int64_t grid = config.vision->side / config.vision->patch;
  const torch::Tensor from = positions(model_).view({grid / 2, grid / 2, -1});
  const torch::Tensor to = positions(larger).view({grid, grid, -1});
  EXPECT_TRUE(torch::allclose(to[0][0], from[0][0], 1e-3, 1e-6));
  const torch::Tensor between = 0.75 * from[0][0] + 0.25 * from[0][1];
  EXPECT_TRUE(torch::allclose(to[0][1], between, 1e-3, 1e-6));
}

TEST_F(Import, AnEyeOfTheUsualSideTakesNoOther) {
  ModelConfig config = *model_config("S");
  config.vision->side *= 2;
  ASSERT_TRUE(export_projector(Model(config, 1), folder_ / "larger.gguf"));
  Model usual(*model_config("S"), 2);
  EXPECT_EQ(import_model(usual, folder_ / "model.gguf", folder_ / "larger.gguf").error().code,
            ErrorCode::Conflict);
}

TEST_F(Import, AModelOfAnotherSizeIsRefused) {
  Model larger(*model_config("M"), 1);
  const Result<void> taken = import_model(larger, folder_ / "model.gguf", folder_ / "eyes.gguf");
  EXPECT_EQ(taken.error().code, ErrorCode::Conflict);
}

TEST_F(Import, AFileThatIsMissingIsNamed) {
  Model other(*model_config("S"), 2);
  const Result<void> taken = import_model(other, folder_ / "none.gguf", folder_ / "eyes.gguf");
  EXPECT_EQ(taken.error().code, ErrorCode::NotFound);
}

TEST(Export, AFullDiskLeavesTheLastModelWhole) {
  const TemporaryFolder folder;
  const Model model(*model_config("S"), 1);
  ASSERT_TRUE(export_decoder(model, folder / "model.gguf"));
  const auto size = std::filesystem::file_size(folder / "model.gguf");
  {
    const FullDisk full(size - 1);
    EXPECT_EQ(export_decoder(model, folder / "model.gguf").error().code, ErrorCode::StorageFull);
  }
  EXPECT_EQ(std::filesystem::file_size(folder / "model.gguf"), size);
}

TEST(Export, AFolderThatIsMissingIsAnError) {
  const TemporaryFolder folder;
  const Model model(*model_config("S"), 1);
  EXPECT_EQ(export_decoder(model, folder / "none/model.gguf").error().code, ErrorCode::StorageFull);
  EXPECT_EQ(export_projector(model, folder / "none/model.gguf").error().code,
            ErrorCode::StorageFull);
}

}  // namespace
}  // namespace melete::train
