// What every task promises, and what single ones say.

#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <regex>
#include <set>
#include <tuple>

#include "data/registry.h"
#include "data/sequence.h"
#include "data/task_source.h"
#include "data/tasks/expression.h"
#include "data/tasks/short_word.h"
#include "data/tasks/tasks.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

using testing::HasSubstr;

constexpr int kTries = 60;

// One written digit: a stroke down the middle.
void write_digits(const std::filesystem::path& file, const std::string& last_line = "") {
  std::ofstream out(file);
  out << "label";
  for (int i = 0; i < 64; ++i) out << ",p" << i;
  out << "\n1";
  for (int i = 0; i < 64; ++i) out << ',' << (i % 8 == 3 ? 16 : 0);
  out << '\n' << last_line;
}

std::string text_of(const Problem& problem) {
  std::string text;
  for (const Part& part : problem.question) {
    if (const auto* words = std::get_if<std::string>(&part)) text += *words;
  }
  return text;
}

class TasksTest : public testing::Test {
 protected:
  void SetUp() override {
    write_digits(folder_ / "digits.csv");
    Result<Tasks> tasks =
        make_tasks({.spoken_digits = {}, .handwritten_digits = folder_ / "digits.csv"});
    ASSERT_TRUE(tasks) << tasks.error().message;
    tasks_ = std::move(*tasks);
  }

  const Task& task(std::string_view name) const {
    const Task* found = find_task(tasks_, name);
    EXPECT_NE(found, nullptr) << name;
    return *found;
  }

  // Calls `check` with problems of every difficulty.
  template <typename Check>
  void for_problems(const Task& task, Check check) const {
    for (int i = 0; i < kTries; ++i) {
      Random random(i);
      const Problem problem = task.make(random, 1 + i % kHardest);
      SCOPED_TRACE(testing::Message() << task.name() << " " << i << ": " << text_of(problem));
      check(problem);
    }
  }

  TemporaryFolder folder_;
  Tasks tasks_;
};

TEST_F(TasksTest, EveryTaskAcceptsItsOwnAnswersAndNoOthers) {
  for (const auto& task : tasks_) {
    for_problems(*task, [&](const Problem& problem) {
      for (const Trace trace : {Trace::None, Trace::Short, Trace::Long}) {
        EXPECT_TRUE(is_right(*task, problem, example_of(problem, trace).answer));
      }
      EXPECT_FALSE(is_right(*task, problem, "Answer: 4711"));
      EXPECT_FALSE(is_right(*task, problem, ""));
    });
  }
}

TEST_F(TasksTest, TheSameSeedMakesTheSameProblem) {
  for (const auto& task : tasks_) {
    Random one(7);
    Random two(7);
    const Problem first = task->make(one, 5);
    Random between(8);
    task->make(between, 5);  // leaves no trace in what follows
    EXPECT_TRUE(first.question == task->make(two, 5).question) << task->name();
    std::set<std::string> wordings;
    for (int i = 0; i < kTries; ++i) {
      Random random(i);
      wordings.insert(text_of(task->make(random, 5)));
    }
    EXPECT_GE(wordings.size(), 3U) << task->name();
  }
}

TEST_F(TasksTest, PicturesAndSoundsAreWhole) {
  for (const auto& task : tasks_) {
    Random random(3);
    for (const Part& part : task->make(random, kHardest).question) {
      if (const auto* picture = std::get_if<Picture>(&part)) {
        EXPECT_EQ(picture->pixels.size(), size_t{3} * picture->width * picture->height);
        const std::set<uint8_t> shades(picture->pixels.begin(), picture->pixels.end());
        EXPECT_GT(shades.size(), 2U) << task->name() << ": something is drawn";
      } else if (const auto* sound = std::get_if<Sound>(&part)) {
        EXPECT_GT(sound->size(), 2000U) << task->name();
        EXPECT_LT(sound->size(), size_t{8} * kSampleRate) << task->name();
        EXPECT_GT(std::abs(*std::ranges::max_element(*sound)), 0.05F) << task->name();
      }
    }
  }
}

TEST_F(TasksTest, ProductsAreRight) {
  for_problems(task("multiplication"), [](const Problem& problem) {
    const std::string text = text_of(problem);
    const std::regex numbers("(\\d+)\\D+(\\d+)");
    std::smatch found;
    ASSERT_TRUE(std::regex_search(text, found, numbers));
    EXPECT_EQ(std::stoll(found[1]) * std::stoll(found[2]), std::stoll(problem.answer));
  });
}

TEST_F(TasksTest, SumsAreRight) {
  for_problems(task("addition"), [](const Problem& problem) {
    int64_t sum = 0;
    const std::string text = text_of(problem);
    const std::regex number("\\d+");
    for (std::sregex_iterator found(text.begin(), text.end(), number), end; found != end; ++found) {
      sum += std::stoll(found->str());
    }
    EXPECT_EQ(std::to_string(sum), problem.answer);
  });
}

TEST_F(TasksTest, WhatIsShortIsDrawnAndSaidWithTheSameAnswers) {
  for (const std::string name : {"addition", "modular_chain", "multiplication"}) {
    for (const std::string carrier : {"_drawn", "_said"}) {
      int compared = 0;
      for (int seed = 0; seed < 10; ++seed) {
        Random random(seed);
        const Problem written = task(name).make(random, 1);
        if (written.written.size() > 20) continue;
        Random same(seed);
        const Problem carried = task(name + carrier).make(same, 1);
        EXPECT_EQ(carried.answer, written.answer) << written.written;
        EXPECT_EQ(carried.written, written.written);
        EXPECT_EQ(carried.shown, written.written) << "what was read is said first";
        EXPECT_THAT(text_of(carried), testing::Not(HasSubstr(written.written)));
        ++compared;
      }
      EXPECT_GT(compared, 2) << name;
    }
  }
}

TEST_F(TasksTest, ATraceEndsWithTheAnswer) {
  for (const char* name :
       {"addition", "modular_chain", "multiplication", "graph_arithmetic", "spoken_sum"}) {
    for_problems(task(name), [](const Problem& problem) {
      EXPECT_TRUE(problem.short_trace.ends_with(problem.answer)) << problem.short_trace;
    });
  }
}

TEST_F(TasksTest, AMazesStepsAreAsManyAsItsAnswerSays) {
  for_problems(task("maze"), [](const Problem& problem) {
    const auto steps = 1 + std::ranges::count(problem.short_trace, ' ');
    EXPECT_EQ(std::to_string(steps), problem.answer);
  });
}

TEST_F(TasksTest, CountdownTakesAnyExpressionOfTheNumbers) {
  const Task& countdown = task("countdown");
  const Problem problem{.question = {"Make 46 from 3, 7, 25."}, .answer = "3 * 7 + 25"};
  EXPECT_TRUE(countdown.accepts(problem, "25 + 7*3"));
  EXPECT_TRUE(countdown.accepts(problem, "(25) + (3 * 7)"));
  EXPECT_FALSE(countdown.accepts(problem, "46"));
  EXPECT_FALSE(countdown.accepts(problem, "3 * 7 + 25 + 3 - 3"));
  EXPECT_FALSE(countdown.accepts(problem, "25 + 7 + 3"));
  EXPECT_FALSE(countdown.accepts(problem, "3 * 7 + 25)"));
}

TEST_F(TasksTest, CountedShapesArePointedAt) {
  for_problems(task("count_shapes"), [](const Problem& problem) {
    const auto coordinates = std::ranges::count(problem.shown, '@');
    EXPECT_EQ(std::to_string(coordinates / 2), problem.answer) << problem.shown;
  });
}

TEST_F(TasksTest, AChartIsReadBarByBarBeforeItsAnswer) {
  for_problems(task("bar_chart"), [](const Problem& problem) {
    const auto bars = 1 + std::ranges::count(problem.shown, '\n');
    EXPECT_GE(bars, 2);
    EXPECT_EQ(std::ranges::count(problem.shown, '@'), 4 * bars) << problem.shown;
    EXPECT_EQ(std::ranges::count(problem.shown, '"'), 2 * bars) << problem.shown;
  });
}

TEST_F(TasksTest, EveryWordOfAPictureIsPointedAtAndRead) {
  std::set<std::string> asked;
  for_problems(task("read_words"), [&](const Problem& problem) {
    const auto words = 1 + std::ranges::count(problem.shown, '\n');
    EXPECT_EQ(std::ranges::count(problem.shown, '@'), 2 * words) << problem.shown;
    EXPECT_EQ(std::ranges::count(problem.shown, '"'), 2 * words) << problem.shown;
    if (text_of(problem) == "Count the words.") {
      EXPECT_EQ(problem.answer, std::to_string(words));
    }
    if (text_of(problem) == "What is the last word?") {
      EXPECT_TRUE(problem.shown.ends_with("\"" + problem.answer + "\"")) << problem.shown;
    }
    asked.insert(text_of(problem));
  });
  EXPECT_TRUE(asked.contains("Count the words.") && asked.contains("What is the last word?"));
}

TEST(ShortWord, KeepsWithinItsLetters) {
  std::set<std::string> words;
  for (int seed = 0; seed < 500; ++seed) {
    Random random(seed);
    const std::string word = short_word(random, 4 + seed % 3);
    EXPECT_GE(word.size(), 1U);
    EXPECT_LE(word.size(), 4U + seed % 3) << word;
    words.insert(word);
  }
  EXPECT_GT(words.size(), 200U);
}

TEST_F(TasksTest, OfSeveralGoodAnswersEachIsRight) {
  const Problem hello{.question = {"Hello!"}, .answer = "Hello! How can I help you?"};
  EXPECT_TRUE(task("about_itself").accepts(hello, "Hello! How can I help you?"));
  EXPECT_TRUE(task("about_itself").accepts(hello, "hi! what can I do for you?"));
  EXPECT_FALSE(task("about_itself").accepts(hello, "Goodbye!"));
}

TEST_F(TasksTest, AnAnswerIsRightThatSaysTheSame) {
  const Task& addition = task("addition");
  for (const auto& [known, said, right] :
       std::initializer_list<std::tuple<const char*, const char*, bool>>{
           {"1,234", "1234", true},
           {"1234", " 1,234.", true},
           {"1,5", "15", false},
           {"red, green", "Red,green", true},
           {"red", "", false},
           {"<", "<", true},
           {",", ".", false},
           {",", "", false}}) {
    EXPECT_EQ(addition.accepts({.question = {}, .answer = known}, said), right)
        << known << " and " << said;
  }
}

TEST_F(TasksTest, ChatHasNoAnswerLine) {
  Random random(1);
  const Problem problem = task("about_itself").make(random, 1);
  EXPECT_EQ(example_of(problem, Trace::Short).answer, problem.answer);
}

TEST(FinalAnswer, IsTheLastLineThatBeginsWithIt) {
  EXPECT_EQ(final_answer("Answer: 3\nno\nAnswer: 4\n"), "4");
  EXPECT_EQ(final_answer("an Answer: 3"), std::nullopt);
  EXPECT_EQ(final_answer(""), std::nullopt);
}

TEST(Expression, FollowsTheRulesOfArithmetic) {
  EXPECT_EQ(evaluate("2 + 3 * 4")->value, (Fraction{14, 1}));
  EXPECT_EQ(evaluate("(2+3)*4/8")->value, (Fraction{5, 2}));
  EXPECT_EQ(evaluate("10 - 4 - 3")->value, (Fraction{3, 1}));
  for (const char* wrong : {"", "1 +", "(1", "1)", "1 / 0", "a", "1 2", "-3", "12345678"}) {
    EXPECT_EQ(evaluate(wrong), std::nullopt) << wrong;
  }
  EXPECT_EQ(evaluate(std::string(200, '(')), std::nullopt);
}

TEST(RealData, DamagedLinesAreNamed) {
  const TemporaryFolder folder;
  write_digits(folder / "digits.csv", "3,1,2\n");
  const auto written = make_written_digit(folder / "digits.csv");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::Corrupt);
  EXPECT_THAT(written.error().message, HasSubstr("digits.csv:3"));
  EXPECT_EQ(make_written_digit(folder / "none.csv").error().code, ErrorCode::NotFound);
  EXPECT_EQ(make_spoken_digit(folder / "none").error().code, ErrorCode::NotFound);
  std::ofstream(folder / "index.csv") << "file,digit\nno.wav,3\n";
  EXPECT_EQ(make_spoken_digit(folder / "").error().code, ErrorCode::Corrupt);
}

TEST_F(TasksTest, ASourceIsTheSameForTheSameSeed) {
  for (const auto& task : tasks_) {
    const TaskSource one(*task, {}, {}, 5);
    const TaskSource same(*task, {}, {}, 5);
    const TaskSource other(*task, {}, {}, 6);
    int differing = 0;
    for (uint64_t i = 0; i < 20; ++i) {
      EXPECT_EQ(*one.example(i), *same.example(i)) << task->name();
      differing += *one.example(i) != *other.example(i);
    }
    EXPECT_GT(differing, 10) << task->name();
  }
}

TEST_F(TasksTest, ASourceKeepsItsSharesOfTraces) {
  const TaskSource source(task("multiplication"), {.easiest = 3, .hardest = 3},
                          {.shorter = 0.5, .longer = 0.25}, 1);
  int with_reasoning = 0;
  for (uint64_t i = 0; i < 1000; ++i) {
    with_reasoning += !source.example(i)->back().reasoning.empty();
  }
  EXPECT_NEAR(with_reasoning, 750, 60);
}

}  // namespace
}  // namespace melete::train
