// The model that comes with Melete, asked about pictures and voices that it was not taught.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "chat/collect.h"
#include "engine/engine.h"
#include "models/shipped_directory.h"

namespace melete::engine {
namespace {

const std::filesystem::path kDigits = MELETE_TEST_DIGITS;

chat::Bytes bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return std::make_shared<const std::string>(std::istreambuf_iterator<char>(in),
                                             std::istreambuf_iterator<char>());
}

class MeleteNanoTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path folder = models::shipped_directory() / "melete-nano";
    EngineOptions options;
    options.name = "melete-nano";
    options.model = folder / "model.gguf";
    options.projector = folder / "model.mmproj.gguf";
    options.threads = 1;
    options.step_costs = {{1, 1.0}};  // not measured: nothing runs side by side
    auto loaded = Engine::load(options);
    ASSERT_TRUE(loaded) << loaded.error().message;
    engine_ = std::move(*loaded);
  }

  std::string answer(chat::Part part, const std::string& question) {
    chat::Request request;
    request.model = "melete-nano";
    request.messages.push_back({chat::Role::User, {std::move(part), chat::TextPart{question}}});
    request.sampling.temperature = 0;
    request.limits.answer_tokens = 20;
    const chat::Completion completion = chat::collect_blocking(*engine_->start(request));
    EXPECT_FALSE(completion.error) << completion.error->message;
    return completion.choices.empty() ? "" : completion.choices[0].text;
  }

  // How many of the twenty files of a kind are answered by their digit.
  int right(const std::string& kind, const std::string& question) {
    std::ifstream index(kDigits / "index.txt");
    std::string file;
    std::string digit;
    int count = 0;
    while (index >> file >> digit) {
      if (!file.starts_with(kind)) continue;
      chat::Part part = chat::ImagePart{bytes_of(kDigits / file), file};
      if (kind == "heard") part = chat::AudioPart{bytes_of(kDigits / file), file};
      count += answer(std::move(part), question) == "Answer: " + digit ? 1 : 0;
    }
    return count;
  }

  std::unique_ptr<Engine> engine_;
};

// By chance it would be two of twenty.
TEST_F(MeleteNanoTest, ReadsDigitsThatPeopleWrote) {
  EXPECT_GE(right("written", "Which digit is written?"), 15);
}

TEST_F(MeleteNanoTest, HearsDigitsOfASpeakerItDoesNotKnow) {
  EXPECT_GE(right("heard", "Which digit is spoken?"), 11);
}

}  // namespace
}  // namespace melete::engine
