// The whole path: data, training, files, and the engine that answers with them. And the program
// itself, killed and started again.

#include "commands/pretraining.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>

#include "chat/collect.h"
#include "data/media_file.h"
#include "engine/engine.h"
#include "train/commands/process.h"
#include "train/files.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

using testing::HasSubstr;

class PretrainingTest : public testing::Test {
 protected:
  std::filesystem::path write_config(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  TemporaryFolder folder_;
  Group alone_;
};

std::string answer_of(engine::Engine& engine, const std::string& question) {
  chat::Request request;
  request.model = "nano";
  request.messages.push_back(chat::text_message(chat::Role::User, question));
  request.sampling.temperature = 0;
  request.limits.answer_tokens = 80;
  const chat::Completion answer = chat::collect_blocking(*engine.start(request));
  EXPECT_FALSE(answer.error) << answer.error->message;
  EXPECT_EQ(answer.choices[0].finish_reason, chat::FinishReason::Stop);
  return answer.choices[0].text;
}

// What a user may want a model to know.
constexpr const char* kCat = R"({"messages":[{"role":"user","content":"What is my cat called?"},)"
                             R"({"role":"assistant","content":"Your cat is called Mia."}]})"
                             "\n";
constexpr const char* kCatSeen =
    R"({"messages":[{"role":"user","content":[{"type":"image","image":"cat.png"},)"
    R"({"type":"text","text":"Who is this?"}]},{"role":"assistant","content":"Mia."}]})"
    "\n";

// One thread: on a machine that is busy two would wait for each other more than they compute.
TEST_F(PretrainingTest, AModelLearnsFromFilesAndTasksAndTheEngineAnswersWithIt) {
  std::ofstream(folder_ / "mine.jsonl") << kCat;
  const Result<PretrainConfig> config = read_pretrain_config(write_config("chat.toml", R"(
    folder = "chat"
    steps = 70
    threads = 1
    [batch]
    rows = 4
    length = 256
    [data]
    short_traces = 0
    long_traces = 0
    [files]
    mine = {path = "mine.jsonl", weight = 0.2}
    [tasks]
    about_itself = {}
  )"));
  ASSERT_TRUE(config) << config.error().message;
  std::string last_line;
  const Result<void> done =
      pretrain(*config, alone_, [&](std::string_view text) { last_line = std::string(text); });
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_THAT(last_line, HasSubstr("step 70 of 70"));
  EXPECT_EQ(std::ranges::count(content_of(config->folder / kLogFile), '\n'), 70);

  engine::EngineOptions options;
  options.name = "nano";
  options.model = config->folder / kDecoderFile;
  options.projector = config->folder / kProjectorFile;
  options.threads = 1;
  options.step_costs = {{1, 1.0}};
  const Result<std::unique_ptr<engine::Engine>> engine = engine::Engine::load(options);
  ASSERT_TRUE(engine) << engine.error().message;
  EXPECT_THAT(answer_of(**engine, "Who are you?"), HasSubstr("Melete"));
  EXPECT_THAT(answer_of(**engine, "Thanks"), HasSubstr("welcome"));
  EXPECT_THAT(answer_of(**engine, "What is my cat called?"), HasSubstr("Mia"));
}

TEST_F(PretrainingTest, ATaskThatIsUnknownIsRefusedWithThoseThereAre) {
  const Result<PretrainConfig> config =
      read_pretrain_config(write_config("run.toml", "folder = 'run'\n[tasks]\nchess = {}"));
  ASSERT_TRUE(config) << config.error().message;
  const Result<void> done = pretrain(*config, alone_, [](std::string_view) {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().parameter, "tasks.chess");
  EXPECT_THAT(done.error().message, HasSubstr("count_shapes"));
}

TEST_F(PretrainingTest, AKilledRunGoesOnBitForBit) {
  std::ofstream(folder_ / "mine.jsonl") << kCat << kCatSeen;
  ASSERT_TRUE(write_picture(folder_ / "cat.png", {2, 2, {90, 80, 9, 0, 0, 0, 90, 80, 9, 7, 7, 7}}));
  // Without a decay the steps do not depend on how many there will be.
  const auto config = [](const std::string& folder, int steps) {
    return fmt::format(R"(
      folder = "{}"
      steps = {}
      threads = 1
      checkpoint_every = 4
      [batch]
      rows = 2
      length = 256
      [optimiser]
      decay_share = 0
      [files]
      mine = {{path = "mine.jsonl", weight = 2}}
      [tasks]
      about_itself = {{}}
      count_shapes = {{hardest = 2}}
      modular_chain = {{hardest = 2}}
    )",
                       folder, steps);
  };
  Process whole({"pretrain", "--config", write_config("whole.toml", config("whole", 60))});
  EXPECT_EQ(whole.wait(), 0);

  Process killed(
      {"pretrain", "--config", write_config("endless.toml", config("killed", 1'000'000))});
  const bool saved = appears(folder_ / "killed/checkpoint.pt");
  killed.kill_it();
  EXPECT_TRUE(WIFSIGNALED(killed.wait()));
  ASSERT_TRUE(saved);
  Process resumed({"pretrain", "--config", write_config("resumed.toml", config("killed", 60))});
  EXPECT_EQ(resumed.wait(), 0);

  for (const std::string_view file : {kDecoderFile, kProjectorFile}) {
    const std::string expected = content_of(folder_ / "whole" / file);
    EXPECT_GT(expected.size(), 100'000U);
    EXPECT_TRUE(expected == content_of(folder_ / "killed" / file)) << file;
  }
  EXPECT_EQ(std::ranges::count(content_of(folder_ / "killed/log.jsonl"), '\n'), 60);
}

}  // namespace
}  // namespace melete::train
