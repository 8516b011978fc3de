// Questions in a model's own tokens. For a model of our own they are those that it was made with.

#include "tuning/chat_language.h"

#include <gmock/gmock.h>

#include "gguf/export_model.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

class ChatLanguageTest : public testing::Test {
 protected:
  void SetUp() override {
    const Result<void> exported = export_decoder(model_, folder_ / "nano.gguf");
    ASSERT_TRUE(exported) << exported.error().message;
    Result<std::unique_ptr<const Language>> language = chat_language(folder_ / "nano.gguf");
    ASSERT_TRUE(language) << language.error().message;
    language_ = std::move(*language);
  }

  TemporaryFolder folder_;
  Model model_{*model_config("S"), 1};
  OwnLanguage ours_{media_shape(model_.config())};
  std::unique_ptr<const Language> language_;
};

TEST_F(ChatLanguageTest, AQuestionIsThePromptOfTheEngine) {
  const Result<Sequence> theirs = language_->question({"What is ", "2 + 3?"});
  ASSERT_TRUE(theirs) << theirs.error().message;
  EXPECT_EQ(theirs->tokens, ours_.question({"What is ", "2 + 3?"})->tokens);
  EXPECT_EQ(theirs->taught.size(), theirs->tokens.size());
}

TEST_F(ChatLanguageTest, TokensAreReadAsTheyWereWritten) {
  const std::string text = "<think>\n5\n</think>\n\nAnswer: 5<|im_end|>";
  EXPECT_EQ(language_->tokens(text), ours_.tokens(text));
  EXPECT_EQ(language_->text(language_->tokens(text)), text);
  EXPECT_EQ(language_->turn_end(), ours_.turn_end());
}

TEST_F(ChatLanguageTest, PicturesAreRefused) {
  const Result<Sequence> refused =
      language_->question({Picture{2, 2, std::vector<uint8_t>(12, 90)}, "What is this?"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::Unsupported);
}

TEST_F(ChatLanguageTest, AFileThatIsNoModelIsAnError) {
  EXPECT_EQ(chat_language(folder_ / "none.gguf").error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace melete::train
