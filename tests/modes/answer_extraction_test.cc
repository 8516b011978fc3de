// What counts as the answer in a text, and which answers are equal.

#include "modes/answer_extraction.h"

#include <gtest/gtest.h>

namespace melete::modes {
namespace {

struct NumberRow {
  const char* text = "";
  double value = 0;
  bool percent = false;
};

TEST(ParseNumber, ReadsEveryUsualSpelling) {
  const NumberRow rows[] = {
      {"18", 18},
      {" 18 ", 18},
      {"-5", -5},
      {"+5", 5},
      {"1,024", 1024},
      {"1,234,567.5", 1234567.5},
      {"1024.0", 1024},
      {".5", 0.5},
      {"$18", 18},
      {"-$18", -18},
      {"$-18", -18},
      {"\\$18", 18},
      {"\u20ac 20", 20},
      {"3/4", 0.75},
      {"1 1/2", 1.5},
      {"-3/4", -0.75},
      {"\\frac{3}{4}", 0.75},
      {"\\dfrac{1}{8}", 0.125},
      {"50%", 50, true},
      {"50\\%", 50, true},
      {"12.5 percent", 12.5, true},
      {"\u2212"
       "7",
       -7},
      {"0", 0},
      {"3.2e5", 320000},
      {"3.2 \u00d7 10^5", 320000},
      {"-3.2 \\times 10^{-2}", -0.032},
  };
  for (const NumberRow& row : rows) {
    const auto number = parse_number(row.text);
    ASSERT_TRUE(number) << row.text;
    EXPECT_DOUBLE_EQ(number->value, row.value) << row.text;
    EXPECT_EQ(number->percent, row.percent) << row.text;
  }
}

TEST(ParseNumber, RefusesWhatIsNotOneNumber) {
  for (const char* text :
       {"", "-", "abc", "1,2", "1,02", "12,34,567", "1234,567", "1.2.3", "12:30", "3/0",
        "2024-05-01", "5 apples", "\\frac{1}{0}", "$", "%", "e", "5e", "10^5", "2 x 10"}) {
    EXPECT_FALSE(parse_number(text)) << text;
  }
}

TEST(SameAnswer, ComparesMeaningNotSpelling) {
  const std::pair<const char*, const char*> equal[] = {
      {"1,024", "1024.0"},      {"$18", "18"},       {"18", "18 dollars"},
      {"**18**", "18."},        {"1/2", "0.5"},      {"\\frac{1}{2}", "0.5"},
      {"50%", "0.5"},           {"50%", "50"},       {"B", "(b)"},
      {"B", "B) Paris"},        {"(B) Paris", "b"},  {"Option C", "c"},
      {"x = 5", "5"},           {"$x=5$", "5"},      {"Paris", "paris."},
      {"1, 2, 3", "{3, 2, 1}"}, {"2 and 3", "3, 2"}, {"\\text{yes}", "Yes"},
      {"\"cat\"", "cat"},       {"-0", "0"},         {"New  York", "new york"},
      {"\\(42\\)", "42"},       {"B (Paris)", "B"},  {"12 m^2", "12"},
  };
  for (const auto& [left, right] : equal) {
    EXPECT_TRUE(same_answer(make_answer(left), make_answer(right))) << left << " and " << right;
    EXPECT_TRUE(same_answer(make_answer(right), make_answer(left))) << right << " and " << left;
  }
  const std::pair<const char*, const char*> different[] = {
      {"18", "19"},
      {"B", "C"},
      {"1, 2", "1, 3"},
      {"12:30", "12:45"},
      {"yes", "no"},
      {"-5", "5"},
      {"18", "eighteen"},
      {"50%", "51"},
      {"1,024", "1.024"},
      {"A", "a cat"},
      {"x = 3, y = 4", "x = 5, y = 4"},
  };
  for (const auto& [left, right] : different) {
    EXPECT_FALSE(same_answer(make_answer(left), make_answer(right))) << left << " and " << right;
  }
}

struct Row {
  const char* text;
  AnswerKind kind;
  const char* expected;  // "": none
};

TEST(ExtractAnswer, FindsWhatTheTextMarks) {
  const AnswerKind any = AnswerKind::Any;
  const Row rows[] = {
      {"So 60/2 - 5 = 25 and 60 + 25 = 85.\n#### 85", any, "85"},
      {"The answer is 18.", any, "18"},
      {"The answer is $18. That is all.", any, "18"},
      {"The answer is 3.5 and nothing else", any, "3.5 and nothing else"},
      {"First the answer is 4. No: the answer is 5.", any, "5"},
      {"Thus \\boxed{42}.", any, "42"},
      {"Thus $\\boxed{\\frac{3}{4}}$.", any, "0.75"},
      {"\\boxed{7} hmm, Answer: 8", any, "8"},
      {"**Answer:** 18", any, "18"},
      {"**Answer**: 18", any, "18"},
      {"Final Answer: (C)", any, "C"},
      {"Answer:\n\n12", any, "12"},
      {"ANSWER: Canberra", any, "canberra"},
      {"The final answer is: 1,024 apples.", any, "1024"},
      {"The answer is B. Paris", any, "B"},
      {"The answer is 4. So, the number is 4.", any, "4"},
      {"Paris", any, "paris"},
      {"18", any, "18"},
      {"\\boxed{", any, ""},
      {"Answer: <the answer>", any, ""},
      {"It is 7.\nAnswer: [your answer]", any, ""},
      {"Answer: 7\nAnswer: <the answer>", any, "7"},
      {"Answer: <div>", any, "<div>"},
      {"", any, ""},
      {"   \n ", any, ""},
      {"Once upon a time there was a muse.\nShe had 3 lamps and sang all night.", any, ""},
      {"The answer is that nobody can say, since it depends on so many things that no short phrase "
       "holds it "
       "at all, and so on.",
       any, ""},
  };
  for (const Row& row : rows) {
    const auto answer = extract_answer(row.text, row.kind);
    const std::string_view expected = row.expected;
    ASSERT_EQ(answer.has_value(), !expected.empty()) << row.text;
    if (!answer) continue;
    EXPECT_TRUE(same_answer(*answer, make_answer(expected))) << row.text << ": " << answer->text;
  }
}

TEST(ExtractAnswer, FallsBackToWhatTheQuestionAsksFor) {
  const AnswerKind number = AnswerKind::Number;
  const AnswerKind letter = AnswerKind::Letter;
  const Row rows[] = {
      {"Randy has 60 + 25 = 85 trees in all on his farm.", number, "85"},
      {"She pays $1,234.50 in the end.", number, "1234.5"},
      {"It falls to -5", number, "-5"},
      {"10 - 3 is 7", number, "7"},
      {"That is 10-3", number, "3"},
      {"About 25% of them", number, "25%"},
      {"It is 3/4 of a cup.", number, "0.75"},
      {"So it is \\(\\frac{3}{4}\\).", number, "0.75"},
      {"It falls to \u22125 \u00b0C.", number, "-5"},
      {"Answer: \u22125 \u00b0C", number, "-5"},
      {"That is 10\u22123", number, "3"},
      {"Answer: 3.2 \u00d7 10^5", number, "320000"},
      {"Answer: 12 m^2", number, "12"},
      {"Answer: 2 hours 35 minutes", number, "2 hours 35 minutes"},
      {"Answer: 12:30", number, "12:30"},
      {"Thus \\boxed{2\\sqrt{3}}.", number, "2\\sqrt{3}"},
      {"Answer: 18 because 6 times 3 is 18", number, "18"},
      {"The answer is clear: 12", number, "12"},
      {"I do not know.", number, ""},
      {"It must be (C), since A is too small.", letter, "C"},
      {"I think that B", letter, "B"},
      {"Among A and D, D", letter, "D"},
      {"Answer: B (Paris)", letter, "B"},
      {"The answer is B because 3 x 4 = 12", letter, "B"},
      {"The answer is A because 3 x 4 = 12", letter, "A"},
      {"A cat and I agree", letter, "A cat and I agree"},
  };
  for (const Row& row : rows) {
    const auto answer = extract_answer(row.text, row.kind);
    const std::string_view expected = row.expected;
    ASSERT_EQ(answer.has_value(), !expected.empty()) << row.text;
    if (!answer) continue;
    EXPECT_TRUE(same_answer(*answer, make_answer(expected))) << row.text << ": " << answer->text;
  }
}

TEST(ExtractAnswer, ComparesJsonAsAValue) {
  const auto plain = extract_answer(R"({"a": 1, "b": [2, 3]})", AnswerKind::Json);
  const auto fenced =
      extract_answer("Here:\n```json\n{\"b\":[2,3],\n \"a\":1}\n```", AnswerKind::Json);
  ASSERT_TRUE(plain && fenced);
  EXPECT_TRUE(same_answer(*plain, *fenced));
  EXPECT_FALSE(extract_answer("{\"a\": ", AnswerKind::Json));
  EXPECT_FALSE(extract_answer(std::string(100000, '['), AnswerKind::Json));
}

TEST(ExtractAnswer, ComparesCodeWithoutTrailingSpace) {
  const auto left = extract_answer("Try:\n```py\nx = 1  \n\ny = 2\n```\nDone.", AnswerKind::Code);
  const auto right = extract_answer("```\nx = 1\ny = 2\n```", AnswerKind::Code);
  ASSERT_TRUE(left && right);
  EXPECT_TRUE(same_answer(*left, *right));
  EXPECT_FALSE(extract_answer("no code here", AnswerKind::Code));
}

TEST(ExtractAnswer, StaysQuickOnLongAndHostileText) {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "the answer is ";
  EXPECT_TRUE(extract_answer(text));
  EXPECT_FALSE(extract_answer(text + std::string(100, 'x')));
  EXPECT_FALSE(extract_answer(std::string(1000000, '{')));
}

TEST(ExpectedKind, IsReadFromTheQuestion) {
  const std::pair<const char*, AnswerKind> rows[] = {
      {"How many trees does Randy have?", AnswerKind::Number},
      {"Calculate ( -9 / 9 ).", AnswerKind::Number},
      {"What is 12 * 7?", AnswerKind::Number},
      {"What is 12-7?", AnswerKind::Number},
      {"12/7", AnswerKind::Number},
      {"Summarise the 2022-2023 season.", AnswerKind::Any},
      {"What do chapters 3-5 say?", AnswerKind::Any},
      {"Input:\n```\n@@ -1,5 +1,7 @@\nA. one\nB. two\n```\n\nHow many files change?",
       AnswerKind::Number},
      {"Input:\n```\nint main() {}\n```\n\nFix the warning.", AnswerKind::Code},
      {"Which is right?\nA) one\nB) two", AnswerKind::Letter},
      {"Which is right?\nA. one\nB. two", AnswerKind::Letter},
      {"Write a function that sorts.", AnswerKind::Code},
      {"Write a poem about the sea.", AnswerKind::Any},
      {"What is the capital of Australia?", AnswerKind::Any},
  };
  for (const auto& [question, kind] : rows) {
    chat::Request request;
    request.messages = {chat::text_message(chat::Role::User, question)};
    EXPECT_EQ(expected_kind(request), kind) << question;
  }
  chat::Request hostile;
  hostile.messages = {
      chat::text_message(chat::Role::User, std::string(500'000, ' ') + std::string(500'000, '-'))};
  EXPECT_EQ(expected_kind(hostile), AnswerKind::Any);
  chat::Request structured;
  structured.schema = chat::Schema{};
  EXPECT_EQ(expected_kind(structured), AnswerKind::Json);
}

TEST(NamesMarker, IsTrueOfQuestionsThatSayHowToMarkTheAnswer) {
  for (const char* question :
       {"What is 2 + 2? End with one line: Answer: <number>", "Put the result in \\boxed{}.",
        "After #### write the number.", "Say \"The answer is\" and then the number."}) {
    EXPECT_TRUE(names_marker(question)) << question;
  }
  EXPECT_FALSE(names_marker("How many pencils are left? Answer with the number."));
}

}  // namespace
}  // namespace melete::modes
