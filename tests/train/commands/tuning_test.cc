// A run on open weights: the loss falls, the model then answers as it was taught, and a run that
// stopped goes on as if it had not.

#include "commands/tuning.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "chat/collect.h"
#include "engine/engine.h"
#include "gguf/export_model.h"
#include "train/files.h"
#include "train/media_files.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

using testing::HasSubstr;

// What a user may want a model to know.
constexpr const char* kCat = R"({"messages":[{"role":"user","content":"What is my cat called?"},)"
                             R"({"role":"assistant","content":"Your cat is called Mia."}]})"
                             "\n";

class TuningTest : public testing::Test {
 protected:
  void SetUp() override { std::ofstream(folder_ / "mine.jsonl") << kCat; }

  Result<void> run(const std::string& text) {
    std::ofstream(folder_ / "tune.toml") << text;
    const Result<TuneConfig> config = read_tune_config(folder_ / "tune.toml");
    if (!config) return std::unexpected(config.error());
    return tune(*config, [](std::string_view) {});
  }

  // A model of our own, with random weights, as open weights.
  void write_base() {
    const Result<void> written =
        export_decoder(Model(*model_config("S"), 1), folder_ / "base.gguf");
    ASSERT_TRUE(written) << written.error().message;
  }

  std::vector<double> losses(const std::string& folder) {
    std::vector<double> found;
    std::istringstream log(content_of(folder_ / folder / std::string(kLogFile)));
    for (std::string line; std::getline(log, line);) {
      found.push_back(parse_json(line)->at("loss").get<double>());
    }
    return found;
  }

  TemporaryFolder folder_;
};

// What a model is asked with.
struct Asked {
  std::filesystem::path model;
  std::filesystem::path adapter;    // empty: none
  std::filesystem::path projector;  // empty: none
};

std::string answer_of(const Asked& asked, chat::Message question) {
  engine::EngineOptions options;
  options.name = "model";
  options.model = asked.model;
  options.projector = asked.projector;
  if (!asked.adapter.empty()) options.adapters = {{"tuned", asked.adapter}};
  options.context_tokens = 512;
  options.threads = 1;
  options.step_costs = {{1, 1.0}};
  const Result<std::unique_ptr<engine::Engine>> engine = engine::Engine::load(options);
  EXPECT_TRUE(engine) << engine.error().message;
  if (!engine) return {};
  chat::Request request;
  request.model = options.name;
  if (!asked.adapter.empty()) request.adapter = "tuned";
  request.messages.push_back(std::move(question));
  request.sampling.temperature = 0;
  request.limits.answer_tokens = 24;
  const chat::Completion answer = chat::collect_blocking(*(*engine)->start(request));
  EXPECT_FALSE(answer.error) << answer.error->message;
  return answer.choices[0].text;
}

std::string name_of_cat(const Asked& asked) {
  return answer_of(asked, chat::text_message(chat::Role::User, "What is my cat called?"));
}

// A dozen steps of the small real model.
TEST_F(TuningTest, AModelAnswersAsItWasTaught) {
  const char* model = std::getenv("MELETE_TEST_MODEL");
  if (model == nullptr || *model == 0) GTEST_SKIP() << "MELETE_TEST_MODEL names no model file";
  EXPECT_THAT(name_of_cat({.model = model}), testing::Not(HasSubstr("Mia")));
  const Result<void> done = run(fmt::format(R"(
    folder = "cat"
    model = "{}"
    steps = 12
    threads = 1
    merged = true
    [batch]
    rows = 1
    length = 128
    [optimiser]
    learning_rate = 0.001
    warm_up = 1
    [files]
    mine = {{path = "mine.jsonl"}}
  )",
                                            model));
  ASSERT_TRUE(done) << done.error().message;
  const std::vector<double> fell = losses("cat");
  ASSERT_EQ(fell.size(), 12U);
  EXPECT_LT(fell.back(), fell.front() / 4);
  EXPECT_THAT(name_of_cat({.model = model, .adapter = folder_ / "cat/adapter.gguf"}),
              HasSubstr("Mia"));
  EXPECT_THAT(name_of_cat({.model = folder_ / "cat/merged.gguf"}), HasSubstr("Mia"));
}

TEST_F(TuningTest, ARunThatStoppedGoesOnBitForBit) {
  write_base();
  // The adapter is called as its folder, so both are called alike. Without a decay the steps do not
  // depend on how many there will be.
  const auto config = [](const char* folder, int steps) {
    return fmt::format(R"(
      folder = "{}/mine"
      model = "base.gguf"
      steps = {}
      threads = 1
      [batch]
      rows = 2
      length = 128
      [optimiser]
      learning_rate = 0.01
      warm_up = 0
      decay_share = 0
      [files]
      mine = {{path = "mine.jsonl"}}
      [tasks]
      about_itself = {{}}
    )",
                       folder, steps);
  };
  for (const auto& [folder, steps] : {std::pair{"whole", 8}, {"stopped", 3}, {"stopped", 8}}) {
    const Result<void> done = run(config(folder, steps));
    ASSERT_TRUE(done) << done.error().message;
  }
  const std::string expected = content_of(folder_ / "whole/mine/adapter.gguf");
  EXPECT_GT(expected.size(), 10'000U);
  EXPECT_TRUE(expected == content_of(folder_ / "stopped/mine/adapter.gguf"));
  EXPECT_LT(losses("whole/mine").back(), losses("whole/mine").front());
  EXPECT_EQ(losses("stopped/mine").size(), 8U);
}

TEST_F(TuningTest, WhatCannotBeDoneIsToldBeforeTheFirstStep) {
  write_base();
  std::ofstream(folder_ / "broken.jsonl") << R"({"messages": 3})";
  const std::string files = "[files]\nmine = {path = 'mine.jsonl'}\n";
  for (const auto& [text, parameter] : std::initializer_list<std::pair<std::string, std::string>>{
           {"model = 'nonesuch'\n" + files, "model"},
           {"model = 'none.gguf'\n" + files, "model"},
           {"model = 'mine.jsonl/x'\n" + files, "model"},
           {"model = 'base.gguf'\n" + files + "[batch]\nlength = 5000\n", "batch.length"},
           {"model = 'base.gguf'\n[files]\nmine = {path = 'broken.jsonl'}\n",
            folder_ / "broken.jsonl"}}) {
    const Result<void> done = run("folder = 'run'\nsteps = 1\n" + text);
    ASSERT_FALSE(done) << text;
    EXPECT_EQ(done.error().parameter, parameter) << done.error().message;
  }
}

// Two pictures that a model without an eye could not tell apart.
TEST_F(TuningTest, ANewEyeLearnsWithTheAdapter) {
  write_base();
  std::ofstream lines(folder_ / "seen.jsonl");
  std::map<std::string, chat::Bytes> pictures;
  for (const auto& [name, level] : {std::pair{"Mia", 230}, {"Tom", 20}}) {
    const Picture picture{8, 8, std::vector<uint8_t>(3 * 8 * 8, static_cast<uint8_t>(level))};
    pictures[name] = bmp_of(picture);
    const std::string file = std::string(name) + ".bmp";
    std::ofstream(folder_ / file, std::ios::binary) << *pictures[name];
    lines << fmt::format(
        R"({{"messages":[{{"role":"user","content":[{{"type":"image","image":"{}"}},)"
        R"({{"type":"text","text":"Who is it?"}}]}},{{"role":"assistant","content":"{}"}}]}})"
        "\n",
        file, name);
  }
  lines.close();
  const Result<void> done = run(R"(
    folder = "eyes"
    model = "base.gguf"
    eye = "S"
    steps = 80
    threads = 1
    [batch]
    rows = 2
    length = 128
    [optimiser]
    learning_rate = 0.01
    [files]
    seen = {path = "seen.jsonl"}
  )");
  ASSERT_TRUE(done) << done.error().message;
  const Asked asked{.model = folder_ / "base.gguf",
                    .adapter = folder_ / "eyes/adapter.gguf",
                    .projector = folder_ / "eyes/adapter.mmproj.gguf"};
  for (const auto& [name, bytes] : pictures) {
    const chat::Message question{chat::Role::User,
                                 {chat::ImagePart{bytes, "image"}, chat::TextPart{"Who is it?"}}};
    EXPECT_EQ(answer_of(asked, question), name);
  }
}

TEST_F(TuningTest, ATaskWithPicturesIsRefusedWithoutAnEye) {
  write_base();
  const Result<void> done =
      run("folder = 'run'\nmodel = 'base.gguf'\nsteps = 1\n[tasks]\ncount_shapes = {}\n");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::Unsupported);
  EXPECT_EQ(done.error().parameter, "eye");
}

}  // namespace
}  // namespace melete::train
