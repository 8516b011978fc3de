// Conversations in a model's own tokens. For a model of our own they are those that it was made
// with.

#include "tuning/chat_writer.h"

#include <gmock/gmock.h>

#include "data/sequence.h"
#include "gguf/export_model.h"
#include "text/vocabulary.h"
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
    Result<ConversationWriter> writer = chat_writer(file(), model_.config());
    ASSERT_TRUE(writer) << writer.error().message;
    writer_ = std::move(*writer);
  }

  std::filesystem::path file() const { return folder_ / "nano.gguf"; }

  void expect_as_ours(const Conversation& conversation) {
    const Result<Sequence> theirs = writer_.whole(conversation);
    ASSERT_TRUE(theirs) << theirs.error().message;
    Sequence ours = SequenceWriter(media_shape(model_.config())).whole(conversation);
    std::ranges::replace(ours.tokens, Tokenizer().id(kPadding), writer_.padding);
    EXPECT_EQ(theirs->tokens, ours.tokens);
    EXPECT_EQ(theirs->taught, ours.taught);
    ASSERT_EQ(theirs->pictures.size(), ours.pictures.size());
    for (size_t i = 0; i < ours.pictures.size(); ++i) {
      EXPECT_EQ(theirs->pictures[i].first, ours.pictures[i].first);
      EXPECT_EQ(theirs->pictures[i].square, ours.pictures[i].square);
    }
    ASSERT_EQ(theirs->sounds.size(), ours.sounds.size());
    for (size_t i = 0; i < ours.sounds.size(); ++i) {
      EXPECT_EQ(theirs->sounds[i].first, ours.sounds[i].first);
    }
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

TEST_F(ChatWriterTest, PicturesAndSoundsStandWhereTheyAreInTheTalk) {
  const Picture picture{2, 1, {1, 2, 3, 4, 5, 6}};
  const Sound sound(kSampleRate, 0.25F);
  expect_as_ours({Turn{Speaker::User, {std::string("Who is it? "), picture, sound}, {}},
                  said(Speaker::Assistant, "A cat."),
                  Turn{Speaker::User, {picture, std::string(" And this?")}, {}},
                  said(Speaker::Assistant, "A dog.", "It barks.")});
}

TEST_F(ChatWriterTest, WhatThereIsNoSenseForIsRefused) {
  ModelConfig deaf = model_.config();
  deaf.sound.reset();
  const Result<ConversationWriter> writer = chat_writer(file(), deaf);
  ASSERT_TRUE(writer) << writer.error().message;
  const auto refusal = [&](const Part& part) {
    const Result<Sequence> sequence =
        writer->whole({Turn{Speaker::User, {part}, {}}, said(Speaker::Assistant, "A cat.")});
    return sequence ? std::string() : sequence.error().parameter;
  };
  EXPECT_EQ(refusal(Picture{1, 1, {1, 2, 3}}), "");
  EXPECT_EQ(refusal(Sound(kSampleRate, 0.25F)), "ear");
}

TEST_F(ChatWriterTest, MoreTokensThanEmbeddingsAreRefused) {
  ModelConfig small = model_.config();
  small.decoder.vocabulary = 100;
  EXPECT_EQ(chat_writer(file(), small).error().code, ErrorCode::Unsupported);
}

}  // namespace
}  // namespace melete::train
