// What a reader gets from the pieces that a model writes.

#include "engine/answer_reader.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "engine/utf8_gate.h"

namespace melete::engine {
namespace {

AnswerFormat think_format() {
  AnswerFormat format;
  format.open_reasoning = "<think>";
  format.close_reasoning = "</think>";
  format.closing_text = "\n</think>\n\n";
  return format;
}

struct Answer {
  std::string reasoning;
  std::string text;
  int reasoning_tokens = 0;
  int answer_tokens = 0;
  std::vector<chat::TokenLogprob> logprobs;
};

void add(Answer& answer, const std::vector<AnswerReader::Delta>& deltas) {
  for (const AnswerReader::Delta& delta : deltas) {
    if (const auto* reasoning = std::get_if<chat::ReasoningDelta>(&delta.payload)) {
      answer.reasoning += reasoning->text;
      answer.reasoning_tokens += delta.tokens;
    } else if (const auto* text = std::get_if<chat::TextDelta>(&delta.payload)) {
      answer.text += text->text;
      answer.answer_tokens += delta.tokens;
      answer.logprobs.insert(answer.logprobs.end(), text->logprobs.begin(), text->logprobs.end());
    }
  }
}

Answer read_all(AnswerReader& reader, const std::vector<std::string>& pieces) {
  Answer answer;
  for (const std::string& piece : pieces) add(answer, reader.feed(piece));
  add(answer, reader.finish());
  return answer;
}

TEST(AnswerReader, TextPassesAtOnce) {
  AnswerReader reader({}, {});
  const auto deltas = reader.feed("Hello");
  ASSERT_EQ(deltas.size(), 1U);
  EXPECT_EQ(std::get<chat::TextDelta>(deltas[0].payload).text, "Hello");
  EXPECT_EQ(deltas[0].tokens, 1);
  EXPECT_TRUE(reader.finish().empty());
}

TEST(AnswerReader, ACharacterOfSeveralTokensWaitsUntilItIsWhole) {
  AnswerReader reader({}, {});
  EXPECT_TRUE(reader.feed("\xF0\x9F").empty());
  EXPECT_TRUE(reader.feed("\x99").empty());
  const auto deltas = reader.feed("\x82!");
  ASSERT_EQ(deltas.size(), 1U);
  EXPECT_EQ(std::get<chat::TextDelta>(deltas[0].payload).text, "\xF0\x9F\x99\x82!");
  EXPECT_EQ(deltas[0].tokens, 3);
}

TEST(AnswerReader, BytesThatAreNoCharacterAreReplacedAndNothingIsLost) {
  AnswerReader reader({}, {});
  const Answer answer = read_all(reader, {"a\xFFz", "\xE2\x82"});
  EXPECT_EQ(answer.text, "a\xEF\xBF\xBDz\xEF\xBF\xBD");
  EXPECT_EQ(answer.answer_tokens, 2);
}

TEST(AnswerReader, AStopTextAcrossTokensEndsTheAnswerBeforeIt) {
  AnswerReader reader({}, {"STOP", "never"});
  Answer answer;
  add(answer, reader.feed("one S"));
  EXPECT_EQ(answer.text, "one ");
  add(answer, reader.feed("TO"));
  EXPECT_FALSE(reader.stopped());
  add(answer, reader.feed("P two"));
  EXPECT_TRUE(reader.stopped());
  add(answer, reader.finish());
  EXPECT_EQ(answer.text, "one ");
  EXPECT_EQ(answer.answer_tokens, 3);
}

TEST(AnswerReader, TheBeginningOfAStopTextIsGivenAtTheEnd) {
  AnswerReader reader({}, {"STOP"});
  EXPECT_EQ(read_all(reader, {"one ST"}).text, "one ST");
  EXPECT_FALSE(reader.stopped());
}

TEST(AnswerReader, StopTextsDoNotEndTheReasoning) {
  AnswerReader reader(think_format(), {"\n\n"});
  const Answer answer =
      read_all(reader, {"<think>", "a\n\nb", "</think>\n\n", "c", "\n", "\n", "d"});
  EXPECT_EQ(answer.reasoning, "a\n\nb");
  EXPECT_EQ(answer.text, "c");
  EXPECT_TRUE(reader.stopped());
}

TEST(AnswerReader, SaysWhenItIsInTheReasoning) {
  AnswerFormat format = think_format();
  format.begins_in_reasoning = true;
  AnswerReader reader(format, {});
  EXPECT_TRUE(reader.in_reasoning());
  reader.feed("thoughts </thi");
  EXPECT_TRUE(reader.in_reasoning());
  reader.feed("nk>");
  EXPECT_FALSE(reader.in_reasoning());
}

TEST(AnswerReader, AClosingTextThatIsForcedIsReadLikeTheModelsOwn) {
  AnswerFormat format = think_format();
  format.begins_in_reasoning = true;
  AnswerReader reader(format, {});
  Answer answer;
  add(answer, reader.feed("half a thou"));
  add(answer, reader.feed(reader.closing_text()));
  EXPECT_FALSE(reader.in_reasoning());
  add(answer, reader.feed("Four"));
  add(answer, reader.finish());
  EXPECT_EQ(answer.reasoning, "half a thou");
  EXPECT_EQ(answer.text, "Four");
  EXPECT_EQ(answer.reasoning_tokens, 2);
  EXPECT_EQ(answer.answer_tokens, 1);
}

TEST(AnswerReader, ALaterBlockIsClosedByTheTextThatLeavesNoChoice) {
  AnswerFormat format;
  format.open_reasoning = " to=self<|message|>";
  format.close_reasoning = "<|eom|>";
  format.reasoning_recurs = true;
  format.closing_text = "<|eom|><|start|>assistant";
  format.last_closing_text = "<|eom|><|start|>assistant to=user<|message|>";
  AnswerReader reader(format, {});
  reader.feed(" to=self<|message|>a");
  EXPECT_EQ(reader.closing_text(), format.closing_text);
  reader.feed(format.closing_text + " to=self<|message|>b");
  EXPECT_TRUE(reader.in_reasoning());
  EXPECT_EQ(reader.closing_text(), format.last_closing_text);
}

TEST(AnswerReader, LogprobsTravelWithTheAnswersTokensOnly) {
  AnswerReader reader(think_format(), {});
  Answer answer;
  for (const std::string piece : {"<th", "ink>", "a", "</think>", "b", "c"}) {
    add(answer, reader.feed(piece, chat::TokenLogprob{piece, -1.0, {}}));
  }
  add(answer, reader.finish());
  ASSERT_EQ(answer.logprobs.size(), 2U);
  EXPECT_EQ(answer.logprobs[0].token, "b");
  EXPECT_EQ(answer.logprobs[1].token, "c");
}

// Whatever the pieces are, every token is counted once and the text is the same.
TEST(AnswerReader, HowTheTextIsCutIntoTokensMakesNoDifference) {
  const std::string written =
      " <think>\n caf\xC3\xA9 </thin </think>\n\n<think> is \xE2\x82\xAC a tag\n";
  for (size_t size = 1; size <= written.size(); ++size) {
    std::vector<std::string> pieces;
    for (size_t at = 0; at < written.size(); at += size) pieces.push_back(written.substr(at, size));
    AnswerReader reader(think_format(), {"never written"});
    const Answer answer = read_all(reader, pieces);
    EXPECT_EQ(answer.reasoning, "caf\xC3\xA9 </thin") << size;
    EXPECT_EQ(answer.text, "<think> is \xE2\x82\xAC a tag\n") << size;
    EXPECT_EQ(answer.reasoning_tokens + answer.answer_tokens, static_cast<int>(pieces.size()))
        << size;
  }
}

TEST(AnswerReader, ALongAnswerTakesTimeInProportion) {
  const auto seconds = [](int tokens) {
    AnswerReader reader(think_format(), {"never written"});
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < tokens; ++i) reader.feed(i == tokens / 2 ? "</think>" : " word");
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  EXPECT_LT(seconds(200'000), 2.0);
}

}  // namespace
}  // namespace melete::engine
