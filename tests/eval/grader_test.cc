// Which answers count as right.

#include "eval/grader.h"

#include <gtest/gtest.h>

namespace melete::eval {
namespace {

struct Case {
  const char* task;
  const char* expected;
  const char* text;
  bool right;
};

class GraderTest : public testing::TestWithParam<Case> {};

TEST_P(GraderTest, Judges) {
  const Case& example = GetParam();
  const Item item{.id = "", .task = example.task, .answer = example.expected};
  EXPECT_EQ(is_right(item, example.text), example.right) << example.text;
}

INSTANTIATE_TEST_SUITE_P(
    Numbers, GraderTest,
    testing::Values(Case{"", "85", "60 + 25 = 85 trees in all.", true},
                    Case{"", "85", "The answer is 85. That is 60 and 25.", true},
                    Case{"", "85", "There are 60 trees.", false},
                    Case{"", "1200", "It costs **$1,200.00**.", true}, Case{"", "85", "", false}));

INSTANTIATE_TEST_SUITE_P(
    Words, GraderTest,
    testing::Values(
        Case{"calendar_arithmetic", "Friday", "It was a **Friday**.\n\nAnswer: Friday.", true},
        Case{"calendar_arithmetic", "Friday", "Friday", true}, Case{"", "<", "<", true},
        Case{"", "<", "Answer: <", true}, Case{"", "<", ">", false}, Case{"", "<", "", false},
        Case{"calendar_arithmetic", "Friday", "Not Friday", false},
        Case{"", "B", "Answer: B) Paris", true}, Case{"", "B", "I think it is B.", true},
        Case{"", "B", "The correct answer is B. Paris", true},
        Case{"", "B", "Answer: C) Rome", false},
        Case{"spell_backward", "ainomma", "Reversed, it is:\n`Ainomma`\n", true},
        Case{"knights_knaves", "Amelia is a hero, and Zoey is a hero.",
             "So: Amelia is a hero and Zoey is a hero", true},
        Case{"knights_knaves", "Amelia is a hero, and Zoey is a hero.",
             "Amelia is a hero, and Zoey is a villain.", false}));

INSTANTIATE_TEST_SUITE_P(
    Lists, GraderTest,
    testing::Values(Case{"number_sorting", "['52.2', '-49.0']", "Sorted:\n['52.2', '-49.0']", true},
                    Case{"number_sorting", "['52.2', '-49.0']", "[52.2, -49] is the list.", true},
                    Case{"number_sorting", "['52.2', '-49.0']", "['-49.0', '52.2']", false},
                    Case{"number_sorting", "['52.2', '-49.0']", "52.2 and then -49.0", true},
                    Case{"number_sorting", "['52.2', '-49.0']",
                         "no list, only nan and infinite words", false},
                    Case{"prime_factorization", "2 × 2 × 3", "12 = 2 × 3 × 2", true},
                    Case{"prime_factorization", "2 × 2 × 3", "2 × 6", false},
                    Case{"prime_factorization", "139", "139", true}));

INSTANTIATE_TEST_SUITE_P(
    Expressions, GraderTest,
    testing::Values(Case{"countdown", "45 - 29 + 18", "18 + 45 - 29", true},
                    Case{"countdown", "45 - 29 + 18", "**18 - (29 - 45) = 34**", true},
                    Case{"countdown", "2*42 - 17", "Answer: 42 * 2 - 17", true},
                    Case{"countdown", "2*42 - 17", "67", false},
                    Case{"countdown", "2*42 - 17", "42 + 42 - 17", false},
                    Case{"countdown", "6 / 3", "6 / (3 - 3)", false},
                    Case{"countdown", "6 / 3", "(6 / 3", false},
                    Case{"countdown", "6 / 3", "six by three", false}));

TEST(Grader, OfADeepExpressionEnds) {
  const Item item{.id = "", .task = "countdown", .answer = "1"};
  EXPECT_FALSE(is_right(item, std::string(100000, '(') + "1"));
}

TEST(Grader, LooksForAPattern) {
  const Item item{.answer = "seven apples", .pattern = "\\b(7|seven)\\s+apples?\\b"};
  EXPECT_TRUE(is_right(item, "She has **seven apples** left."));
  EXPECT_TRUE(is_right(item, "7 apples"));
  EXPECT_FALSE(is_right(item, "17 apples"));
  EXPECT_FALSE(is_right(item, ""));
}

TEST(Grader, IsTheOneThatTheItemNames) {
  EXPECT_EQ(grader_of({.answer = "3", .pattern = "^3"}), "pattern");
  EXPECT_EQ(grader_of({.answer = "3", .grader = "number", .pattern = "^3"}), "number");
  EXPECT_EQ(grader_of({.answer = "3", .grader = "words"}), "words");
  EXPECT_EQ(grader_of({.answer = "3"}), "number");
  EXPECT_EQ(grader_of({.answer = "three"}), "words");
  EXPECT_EQ(find_grader("taste"), nullptr);
}

}  // namespace
}  // namespace melete::eval
