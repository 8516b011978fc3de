// The program as it is started from a shell.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <string>

#include "models/sample_files.h"

namespace melete::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

struct Ended {
  int status = -1;
  std::string text;  // standard output and standard error
};

Ended melete(const std::string& arguments) {
  const std::string command = std::string(MELETE_PROGRAM) + " " + arguments + " 2>&1 </dev/null";
  std::FILE* pipe = popen(command.c_str(), "r");
  Ended ended;
  char piece[4096];
  while (const size_t bytes = std::fread(piece, 1, sizeof piece, pipe)) {
    ended.text.append(piece, bytes);
  }
  ended.status = WEXITSTATUS(pclose(pipe));
  return ended;
}

TEST(Program, PrintsItsHelpWithoutArguments) {
  const Ended alone = melete("");
  EXPECT_EQ(alone.status, 0);
  EXPECT_THAT(alone.text, AllOf(HasSubstr("ask"), HasSubstr("chat"), HasSubstr("serve"),
                                HasSubstr("pull"), HasSubstr("doctor")));
  EXPECT_EQ(melete("--help").text, alone.text);
}

TEST(Program, TellsItsVersion) {
  const Ended ended = melete("--version");
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.text, StartsWith("melete 0."));
}

TEST(Program, TellsTheOptionsOfACommand) {
  EXPECT_THAT(melete("ask --help").text,
              AllOf(HasSubstr("--mode"), HasSubstr("--effort"), HasSubstr("--agents"),
                    HasSubstr("--image"), HasSubstr("--server"), HasSubstr("--json")));
}

TEST(Program, EndsWithTwoWhenTheCommandLineIsWrong) {
  EXPECT_EQ(melete("nonsense").status, 2);
  EXPECT_EQ(melete("ask --mode slow why").status, 2);
  EXPECT_EQ(melete("serve --port 70000").status, 2);
  EXPECT_EQ(melete("serve --adapter thinking=a.gguf").status, 2);
  EXPECT_EQ(melete("ask --adapter a.gguf --server 127.0.0.1:1 why").status, 2);
  EXPECT_EQ(melete("eval q.jsonl --server a=127.0.0.1:1 --model b").status, 2);
}

TEST(Program, SaysWhichModeAnOptionIsFor) {
  EXPECT_THAT(melete("ask --mode instant --verify 4 why").text, HasSubstr("are for contemplating"));
  EXPECT_THAT(melete("ask --mode instant --fold 64 why").text, HasSubstr("make it thinking"));
}

TEST(Program, EndsWithOneAndASentenceWhenItFails) {
  const Ended nothing = melete("ask");
  EXPECT_EQ(nothing.status, 1);
  EXPECT_THAT(nothing.text, StartsWith("melete: nothing was asked"));
  const Ended nobody = melete("ask --server 127.0.0.1:1 why");
  EXPECT_EQ(nobody.status, 1);
  EXPECT_THAT(nobody.text, HasSubstr("cannot connect to 127.0.0.1:1"));
  const Ended no_config = melete("serve --config /nonexistent.toml");
  EXPECT_EQ(no_config.status, 1);
  EXPECT_THAT(no_config.text, HasSubstr("/nonexistent.toml"));
  const Ended no_model = melete("ask --model /nonexistent.gguf why");
  EXPECT_EQ(no_model.status, 1);
  EXPECT_THAT(no_model.text, HasSubstr("/nonexistent.gguf"));
}

// With the model that comes with Melete, as a newcomer would ask it.
TEST(Program, LooksAtAPictureAndListensToASound) {
  const std::string ask = "ask --model melete-nano ";
  EXPECT_THAT(
      melete(ask + "--image " MELETE_TEST_DIGITS "/written_0_1.png 'Which digit is written?'").text,
      HasSubstr("Answer: 0"));
  EXPECT_THAT(
      melete(ask + "--audio " MELETE_TEST_DIGITS "/heard_0_1.wav 'Which digit is spoken?'").text,
      HasSubstr("Answer: 0"));
}

TEST(Program, AProjectorIsAFileForOneModel) {
  const models::TemporaryDirectory folder;
  const std::string first = (folder.path() / "first.gguf").string();
  const std::string second = (folder.path() / "second.gguf").string();
  models::write_file(first, models::sample_gguf());
  models::write_file(second, models::sample_gguf());
  const Ended missing =
      melete("ask --model " + first + " --projector /nonexistent.mmproj.gguf why");
  EXPECT_EQ(missing.status, 1);
  EXPECT_THAT(missing.text, HasSubstr("there is no file /nonexistent.mmproj.gguf"));
  const Ended two = melete("serve --port 0 --no-store --model " + first + " --model " + second +
                           " --projector " + first);
  EXPECT_EQ(two.status, 1);
  EXPECT_THAT(two.text, HasSubstr("--projector is for one model and there are 2"));
}

}  // namespace
}  // namespace melete::cli
