// Examples as sequences: what is taught, and where pictures and sounds stand.

#include "data/sequence.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "text/vocabulary.h"

namespace melete::train {
namespace {

constexpr MediaShape kShape{.side = 16, .picture_tokens = 4, .bands = 8};

std::string taught_text(const Sequence& sequence) {
  std::vector<int32_t> taught;
  for (size_t i = 0; i < sequence.tokens.size(); ++i) {
    if (sequence.taught[i] != 0) taught.push_back(sequence.tokens[i]);
  }
  return Tokenizer().decode(taught);
}

TEST(SequenceWriter, TeachesWhatTheModelHasToWrite) {
  const SequenceWriter writer(kShape);
  const Sequence sequence = writer.whole({{"2+3?"}, "two and three", "Answer: 5"});
  EXPECT_EQ(taught_text(sequence), "<think>\ntwo and three\n</think>\n\nAnswer: 5<|im_end|>");
  EXPECT_EQ(Tokenizer().decode(sequence.tokens),
            "<|im_start|>user\n2+3?<|im_end|>\n<|im_start|>assistant\n" + taught_text(sequence));
}

TEST(SequenceWriter, WithoutReasoningThereAreNoTags) {
  const Sequence sequence = SequenceWriter(kShape).whole({{"2+3?"}, "", "Answer: 5"});
  EXPECT_EQ(taught_text(sequence), "Answer: 5<|im_end|>");
}

TEST(SequenceWriter, AConversationOfTwoTurnsIsAnExample) {
  const SequenceWriter writer(kShape);
  const Picture picture{2, 1, std::vector<uint8_t>(6, 255)};
  const Example example{{picture, "What is", " this?"}, "white", "Snow."};
  const Sequence one = writer.whole(example);
  const Sequence other = writer.whole(conversation_of(example));
  EXPECT_EQ(one.tokens, other.tokens);
  EXPECT_EQ(one.taught, other.taught);
  EXPECT_EQ(other.pictures.size(), 1U);
}

TEST(SequenceWriter, BetweenTwoTextsIsALineBreak) {
  const Sequence sequence = SequenceWriter(kShape).question({"One.", "Two?"});
  EXPECT_EQ(Tokenizer().decode(sequence.tokens),
            "<|im_start|>user\nOne.\nTwo?<|im_end|>\n<|im_start|>assistant\n");
}

// As the chat template writes it, and as the engine shows later turns what came before.
TEST(SequenceWriter, EveryTurnOfTheAssistantIsTaughtAndEarlierReasoningIsGone) {
  const Sequence sequence =
      SequenceWriter(kShape).whole(Conversation{{Speaker::System, {"Be brief."}, {}},
                                                {Speaker::User, {"Hi"}, {}},
                                                {Speaker::Assistant, {"Hello."}, {}},
                                                {Speaker::User, {"2+3?"}, {}},
                                                {Speaker::Assistant, {"5"}, "two and three"},
                                                {Speaker::User, {"And 1?"}, {}},
                                                {Speaker::Assistant, {"6"}, "five and one"}});
  EXPECT_EQ(Tokenizer().decode(sequence.tokens),
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
            "<|im_start|>assistant\nHello.<|im_end|>\n<|im_start|>user\n2+3?<|im_end|>\n"
            "<|im_start|>assistant\n5<|im_end|>\n<|im_start|>user\nAnd 1?<|im_end|>\n"
            "<|im_start|>assistant\n<think>\nfive and one\n</think>\n\n6<|im_end|>");
  EXPECT_EQ(taught_text(sequence), "Hello.<|im_end|><think>\nfive and one\n</think>\n\n6<|im_end|>")
      << "an answer without the reasoning it came from is not to be learnt";
}

TEST(SequenceWriter, ATextIsTaughtAsItStands) {
  const Sequence sequence =
      SequenceWriter(kShape).whole(Conversation{{Speaker::Nobody, {"Once upon a time."}, {}}});
  EXPECT_EQ(taught_text(sequence), "Once upon a time.<|endoftext|>");
  EXPECT_EQ(Tokenizer().decode(sequence.tokens), taught_text(sequence));
}

TEST(SequenceWriter, PicturesAndSoundsTakePlacesBetweenTheirMarks) {
  const Picture picture{2, 1, std::vector<uint8_t>(6, 255)};
  const Sequence sequence =
      SequenceWriter(kShape).question({picture, std::string("and"), Sound(20000, 0.1F)});
  const Tokenizer tokenizer;
  ASSERT_EQ(sequence.pictures.size(), 1U);
  ASSERT_EQ(sequence.sounds.size(), 1U);
  const PlacedPicture& seen = sequence.pictures[0];
  EXPECT_EQ(seen.tokens, 4);
  EXPECT_EQ(seen.square.width, 16);
  EXPECT_EQ(sequence.tokens[seen.first - 1], tokenizer.id(kPictureStart));
  EXPECT_EQ(sequence.tokens[seen.first + 4], tokenizer.id(kPictureEnd));
  const PlacedSound& heard = sequence.sounds[0];
  EXPECT_EQ(heard.spectrogram.chunks, 2);
  EXPECT_EQ(sequence.tokens[heard.first - 1], tokenizer.id(kSoundStart));
  EXPECT_EQ(sequence.tokens[heard.first + 2 * kChunkTokens], tokenizer.id(kSoundEnd));
  EXPECT_EQ(std::ranges::count(sequence.tokens, tokenizer.id(kPadding)), 4 + 2 * kChunkTokens);
}

}  // namespace
}  // namespace melete::train
