// What a reader gets of an answer, and how much of it was thought.

#include "reinforce/answer.h"

#include <gtest/gtest.h>

#include "text/chat_format.h"

namespace melete::train {
namespace {

Answer read(const std::string& text, bool ended = true) {
  const OwnLanguage language({});
  return read_answer(language, language.tokens(text), ended);
}

TEST(ReadAnswer, ReasoningIsCountedAndLeftOut) {
  const Answer answer = read(written_turn("12", "Answer: 3"));
  EXPECT_EQ(answer.text, "\n\nAnswer: 3");
  EXPECT_EQ(answer.thinking_tokens, 6) << "two tags, two digits and two line ends";
  EXPECT_EQ(answer.tokens, 6 + 4) << "with a break, what is said and the end";
  EXPECT_TRUE(answer.complete);
}

TEST(ReadAnswer, AnAnswerAtOnceHasNoThought) {
  const Answer answer = read(written_turn("", "Answer: 3"));
  EXPECT_EQ(answer.text, "Answer: 3");
  EXPECT_EQ(answer.thinking_tokens, 0);
}

TEST(ReadAnswer, ReasoningWithoutAnEndIsNoAnswer) {
  const Answer answer = read("<think>\nAnswer: 3<|im_end|>");
  EXPECT_EQ(answer.text, "");
  EXPECT_EQ(answer.thinking_tokens, answer.tokens - 1);
  EXPECT_FALSE(answer.complete);
}

TEST(ReadAnswer, WhatWasCutOffIsNotComplete) {
  const Answer answer = read("Answer: 3", false);
  EXPECT_EQ(answer.text, "Answer: 3");
  EXPECT_FALSE(answer.complete);
}

}  // namespace
}  // namespace melete::train
