// Texts as words.

#include "corpus/words.h"

#include <gmock/gmock.h>

namespace melete::train {
namespace {

TEST(Words, CasePunctuationAndSpacesDoNotCount) {
  EXPECT_EQ(words_of("Hello, World!"), words_of("  hello\n world "));
  EXPECT_EQ(words_of("\"Yes\" (no) *bold*"), words_of("yes no bold"));
  EXPECT_NE(words_of("hello world"), words_of("world hello"));
  EXPECT_TRUE(words_of(" ... !? ").empty());
}

TEST(Words, NumbersAndSignsDo) {
  EXPECT_NE(words_of("2+3"), words_of("2-3"));
  EXPECT_NE(words_of("2 + 3"), words_of("2 - 3"));
  EXPECT_NE(words_of("1.5"), words_of("15"));
}

TEST(Words, WithoutSpacesEachCharacterIsAWord) {
  EXPECT_EQ(words_of("你好 world").size(), 3U);
  EXPECT_EQ(words_of("日本語"), words_of("日 本 語"));
  EXPECT_EQ(words_of("größer").size(), 1U);
}

TEST(Utf8, WhatIsWholeIsTakenAndTheRestIsNot) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("größer, 你好, \xf0\x9f\x98\x80"));
  for (const char* broken : {"\xff", "a\x80", "\xc3", "\xe4\xbd", "\xc0\xaf", "\xe0\x80\xaf",
                             "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf0\x80\x80\x80", "\xc3("}) {
    EXPECT_FALSE(is_utf8(broken)) << testing::PrintToString(broken);
  }
}

}  // namespace
}  // namespace melete::train
