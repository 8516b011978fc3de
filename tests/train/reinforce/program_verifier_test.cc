// A program that checks answers: what it is asked, and what becomes of one that fails.

#include "reinforce/program_verifier.h"

#include <gmock/gmock.h>

#include <fstream>
#include <stdexcept>

#include "train/temporary_folder.h"

namespace melete::train {
namespace {

using testing::HasSubstr;

class ProgramVerifierTest : public testing::Test {
 protected:
  Result<std::shared_ptr<const Verifier>> start(const std::string& script) {
    return ProgramVerifier::start("mine", {.arguments = {"sh", "-c", script},
                                           .folder = folder_ / ".",
                                           .deadline = std::chrono::seconds(5)});
  }

  // What accepts() throws.
  static std::string problem_of(const Verifier& verifier) {
    try {
      verifier.accepts({.question = {"2+3?"}, .answer = "5"}, "5");
    } catch (const std::runtime_error& problem) {
      return problem.what();
    }
    return "";
  }

  TemporaryFolder folder_;
};

TEST_F(ProgramVerifierTest, GetsALineForEachAnswerAndSaysWhetherItIsRight) {
  const auto verifier = start(R"(while read -r line; do
      printf '%s\n' "$line" >> asked.jsonl
      case "$line" in *'"text":"five"'*) echo right;; *) echo wrong;; esac
    done)");
  ASSERT_TRUE(verifier) << verifier.error().message;
  const Problem problem{.question = {"How many are ", "2+3?"}, .answer = "5"};
  EXPECT_TRUE((*verifier)->accepts(problem, "five"));
  EXPECT_FALSE((*verifier)->accepts(problem, "six\nor \"five\""));
  EXPECT_EQ((*verifier)->name(), "mine");
  std::ifstream asked(folder_ / "asked.jsonl");
  std::string line;
  std::getline(asked, line);
  EXPECT_EQ(line, R"({"question":"How many are 2+3?","answer":"5","text":"five"})");
  std::getline(asked, line);
  EXPECT_THAT(line, HasSubstr(R"("text":"six\nor \"five\"")"));
}

TEST_F(ProgramVerifierTest, OneThatIsNotThereIsNamedByItsKey) {
  const auto verifier =
      ProgramVerifier::start("mine", {.arguments = {"no-such-program"}, .folder = folder_ / "."});
  ASSERT_FALSE(verifier);
  EXPECT_EQ(verifier.error().code, ErrorCode::NotFound);
  EXPECT_EQ(verifier.error().parameter, "files.mine.verifier");
}

TEST_F(ProgramVerifierTest, WhatItSaysBesideRightAndWrongIsTold) {
  EXPECT_THAT(problem_of(**start("read -r line; echo maybe; cat")), HasSubstr("\"maybe\""));
}

TEST_F(ProgramVerifierTest, OneThatEndsIsNoVerdict) {
  EXPECT_THAT(problem_of(**start("exit 3")), HasSubstr("has ended"));
}

TEST_F(ProgramVerifierTest, OneThatWillNotEndHoldsUpNobody) {
  const auto verifier = start("trap '' TERM; while :; do read -r line && echo right; done");
  ASSERT_TRUE(verifier) << verifier.error().message;
  EXPECT_TRUE((*verifier)->accepts({.question = {"2+3?"}, .answer = "5"}, "5"));
}

TEST_F(ProgramVerifierTest, OneThatSaysNothingIsGivenUpAtItsDeadlineAndEnded) {
  const auto verifier =
      ProgramVerifier::start("mine", {.arguments = {"sleep", "1000"},
                                      .folder = folder_ / ".",
                                      .deadline = std::chrono::milliseconds(100)});
  ASSERT_TRUE(verifier) << verifier.error().message;
  EXPECT_THAT(problem_of(**verifier), HasSubstr("deadline"));
}

}  // namespace
}  // namespace melete::train
