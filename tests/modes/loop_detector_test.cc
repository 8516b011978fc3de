// Loops are found wherever they begin, and what merely repeats a little is none.

#include "modes/loop_detector.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace melete::modes {
namespace {

// Tokens of `text`; whether they loop, and where.
struct Found {
  bool loops = false;
  size_t sound_bytes = 0;
};

Found look(const std::string& text, size_t token_bytes = 5) {
  LoopDetector detector;
  Found found;
  for (size_t at = 0; at < text.size() && !found.loops; at += token_bytes) {
    found.loops = detector.add(text.substr(at, token_bytes));
  }
  found.sound_bytes = detector.sound_bytes();
  return found;
}

std::string times(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

TEST(LoopDetector, FindsAPassageThatComesOverAndOver) {
  const std::string before = "First we count the apples, which are twelve:\n";
  for (const size_t size : {1, 3, 8, 200}) {
    const Found found = look(before + times("Then we add them again. ", 60), size);
    EXPECT_TRUE(found.loops) << size;
    EXPECT_EQ(found.sound_bytes, before.size() + 24) << size;
  }
}

TEST(LoopDetector, FindsLongPassagesToo) {
  std::string passage;
  for (int i = 0; i < 80; ++i) passage += fmt::format("step {} ", i * 37 % 101);
  EXPECT_TRUE(look(times(passage, 6)).loops);
}

TEST(LoopDetector, LeavesListsAndTablesAlone) {
  std::string list;
  for (int i = 1; i < 400; ++i) list += fmt::format("{}. the next number is {}\n", i, i * i);
  EXPECT_FALSE(look(list).loops);
  EXPECT_FALSE(look("| a | b |\n" + times("|---|---|\n", 1) + times("| 0 | 0 |\n", 20)).loops);
  EXPECT_FALSE(look(times("-", 200) + "\nresult: 3").loops);
  EXPECT_EQ(look(list).sound_bytes, list.size());
}

TEST(LoopDetector, LeavesAThoughtThatComesThreeTimesAlone) {
  const std::string check =
      "Let me check this once more, step by step: 12 and 7 make 19, and 19 "
      "and 4 make 23, so the result is twenty three, as I said before. ";
  EXPECT_FALSE(look("So. " + times(check, 3) + "Yes.").loops);
  EXPECT_TRUE(look("So. " + times(check, 6)).loops);
}

TEST(LoopDetector, ALoopStaysOne) {
  LoopDetector detector;
  EXPECT_TRUE(detector.add(times("again ", 100)));
  EXPECT_TRUE(detector.add("something else"));
}

TEST(LoopDetector, TakesTimeInProportion) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += fmt::format("{} ", i);
  EXPECT_FALSE(look(text).loops);
}

}  // namespace
}  // namespace melete::modes
