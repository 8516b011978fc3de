// A model that closes its reasoning twice: the second tag was once part of the answer.

#include <gtest/gtest.h>

#include <string>

#include "engine/reasoning_splitter.h"

namespace melete::engine {
namespace {

struct Split {
  std::string reasoning;
  std::string answer;
};

void add(Split& split, const std::vector<Segment>& segments) {
  for (const Segment& segment : segments) {
    const bool reasons = segment.kind == Segment::Kind::Reasoning;
    (reasons ? split.reasoning : split.answer) += segment.text;
  }
}

Split split_of(const std::vector<std::string>& pieces) {
  AnswerFormat format;
  format.open_reasoning = "<think>";
  format.close_reasoning = "</think>";
  ReasoningSplitter splitter(format);
  Split split;
  for (const std::string& piece : pieces) add(split, splitter.feed(piece));
  add(split, splitter.finish());
  return split;
}

TEST(DoubledClosingTag, BelongsToNeitherSide) {
  const Split split = split_of({"<think>2 + 2</think>\n</think>\n\nIt is 4."});
  EXPECT_EQ(split.reasoning, "2 + 2");
  EXPECT_EQ(split.answer, "It is 4.");
}

TEST(DoubledClosingTag, MayComeInPieces) {
  const Split split = split_of({"<think>2 + 2</think>", "\n\n</", "think", ">", "\n", "It is 4."});
  EXPECT_EQ(split.reasoning, "2 + 2");
  EXPECT_EQ(split.answer, "It is 4.");
}

TEST(DoubledClosingTag, LaterOnIsText) {
  EXPECT_EQ(split_of({"<think>so</think>Write ", "</think>", " last."}).answer,
            "Write </think> last.");
}

TEST(DoubledClosingTag, WhatOnlyBeginsLikeOneIsText) {
  EXPECT_EQ(split_of({"<think>so</think>", "</th"}).answer, "</th");
  EXPECT_EQ(split_of({"<think>so</think>", "</", "table>"}).answer, "</table>");
}

}  // namespace
}  // namespace melete::engine
