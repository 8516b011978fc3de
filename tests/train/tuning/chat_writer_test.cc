// Conversations in a model's own tokens. For a model of our own they are those that it was made
// with.

#include "tuning/chat_writer.h"

#include <gmock/gmock.h>

#include "gguf/export_model.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

Turn said(Speaker speaker, const std::string& text, const std::string& reasoning = {}) {
  return {speaker, {text}, reasoning};
}

class ChatWriterTest : public testing::Test {
 protected:
  void SetUp() override {
    const Result<void> exported = export_decoder(model_, file());
    ASSERT_TRUE(exported) << exported.error().message;
    Result<ConversationWriter> writer = chat_writer(file(), 512);
    ASSERT_TRUE(writer) << writer.error().message;
    writer_ = std::move(*writer);
  }

  std::filesystem::path file() const { return folder_ / "nano.gguf"; }

  void expect_as_ours(const Conversation& conversation) {
    const Result<Sequence> theirs = writer_.whole(conversation);
    ASSERT_TRUE(theirs) << theirs.error().message;
    const Sequence ours = SequenceWriter(media_shape(model_.config())).whole(conversation);
    EXPECT_EQ(theirs->tokens, ours.tokens);
    EXPECT_EQ(theirs->taught, ours.taught);
  }

  TemporaryFolder folder_;
  Model model_{*model_config("S"), 1};
  ConversationWriter writer_;
};

TEST_F(ChatWriterTest, AQuestionAndItsAnswer) {
  expect_as_ours({said(Speaker::User, "What is my cat called?"),
                  said(Speaker::Assistant, "Your cat is called Mia.")});
}

TEST_F(ChatWriterTest, ReasoningStandsBeforeTheAnswer) {
  expect_as_ours({said(Speaker::System, "Be brief."), said(Speaker::User, "2+3?"),
                  said(Speaker::Assistant, "5", "3, 4, 5")});
}

TEST_F(ChatWriterTest, EveryAnswerIsTaughtButThoseThatLostTheirReasoning) {
  expect_as_ours({said(Speaker::User, "2+3?"), said(Speaker::Assistant, "5"),
                  said(Speaker::User, "And 1?"), said(Speaker::Assistant, "6", "5+1"),
                  said(Speaker::User, "And 2?"), said(Speaker::Assistant, "8", "6+2")});
}

TEST_F(ChatWriterTest, ATextIsTaughtWhole) {
  const Result<Sequence> sequence = writer_.whole({said(Speaker::Nobody, "Once upon a time.")});
  ASSERT_TRUE(sequence) << sequence.error().message;
  EXPECT_THAT(sequence->taught, testing::Each(1));
  EXPECT_EQ(sequence->tokens.back(), writer_.padding);
  EXPECT_EQ(Tokenizer().decode(sequence->tokens), "Once upon a time.<|im_end|>");
}

TEST_F(ChatWriterTest, PicturesAreRefused) {
  const Picture picture{1, 1, {1, 2, 3}};
  const Result<Sequence> sequence =
      writer_.whole({Turn{Speaker::User, {picture}, {}}, said(Speaker::Assistant, "A cat.")});
  ASSERT_FALSE(sequence);
  EXPECT_EQ(sequence.error().code, ErrorCode::Unsupported);
}

TEST_F(ChatWriterTest, MoreTokensThanEmbeddingsAreRefused) {
  EXPECT_EQ(chat_writer(file(), 100).error().code, ErrorCode::Unsupported);
}

}  // namespace
}  // namespace melete::train
