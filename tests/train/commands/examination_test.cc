// A model that has learnt two answers by heart is examined: what it is told of right and wrong.

#include "commands/examination.h"

#include <gmock/gmock.h>

#include <fstream>

#include "base/json.h"
#include "commands/pretraining.h"
#include "train/files.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

std::string line(const std::string& question, const std::string& answer) {
  return R"({"messages": [{"role": "user", "content": ")" + question +
         R"("}, {"role": "assistant", "content": ")" + answer + "\"}]}\n";
}

class ExaminationTest : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  // Learns what `file` says.
  void learn(const std::string& file) {
    const Result<PretrainConfig> config =
        read_pretrain_config(write("run.toml",
                                   "folder = 'run'\nsteps = 40\nthreads = 1\n[batch]\nrows = 1\n"
                                   "length = 128\n[files]\nmine = {path = '" +
                                       file + "'}"));
    ASSERT_TRUE(config) << config.error().message;
    Group alone;
    const Result<void> learnt = pretrain(*config, alone, [](std::string_view) {});
    ASSERT_TRUE(learnt) << learnt.error().message;
  }

  TemporaryFolder folder_;
};

TEST_F(ExaminationTest, CountsWhatIsRightOfFilesAndTasks) {
  learn(write("taught.jsonl", line("Cat?", "Answer: Mia") + line("Dog?", "Answer: Rex")).string());
  write("asked.jsonl", line("Cat?", "Answer: mia.") + line("Dog?", "Answer: Tom"));
  const Result<ExamineConfig> config =
      read_examine_config(write("exam.toml",
                                "folder = 'exam'\nstart = 'run'\nquestions = 4\nmost_tokens = 20\n"
                                "threads = 1\n[files]\npets = {path = 'asked.jsonl'}\n"
                                "[tasks]\naddition = {hardest = 1}"));
  ASSERT_TRUE(config) << config.error().message;
  const auto subjects = examine(*config, [](std::string_view) {});
  ASSERT_TRUE(subjects) << subjects.error().message;
  ASSERT_THAT(*subjects, SizeIs(2));
  EXPECT_EQ((*subjects)[0].name, "pets");
  EXPECT_EQ((*subjects)[0].figures.count, 2);
  EXPECT_EQ((*subjects)[0].figures.right, 0.5);
  EXPECT_EQ((*subjects)[1].name, "addition");
  EXPECT_EQ((*subjects)[1].figures.count, 4);
  EXPECT_THAT(to_text(*subjects), HasSubstr("| 2 pets | 50.0 (9.5 to 90.5) |"));

  const Result<Json> figures = parse_json(content_of(folder_ / "exam/figures.json"));
  ASSERT_TRUE(figures) << figures.error().message;
  EXPECT_EQ(figures->at("pets").at("right"), 0.5);
  EXPECT_THAT(content_of(folder_ / "exam/answers.jsonl"), HasSubstr(R"("answer":"Answer: Rex")"));
  EXPECT_THAT(content_of(folder_ / "exam/answers.jsonl"), HasSubstr(R"("difficulty":1})"));
}

// check.py is that of docs/training.md.
TEST_F(ExaminationTest, AProgramOfTheCallersJudges) {
  learn(write("taught.jsonl", line("Cat?", "Mia is her name") + line("Dog?", "Rex")).string());
  write("asked.jsonl", line("Cat?", "Mia") + line("Dog?", "Tom"));
  write("check.py", R"(
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    print("right" if asked["answer"] in asked["text"].split() else "wrong", flush=True)
)");
  const std::string settings =
      "folder = 'exam'\nstart = 'run'\nmost_tokens = 20\nthreads = 1\n[files.pets]\n"
      "path = 'asked.jsonl'\nverifier = ";
  const auto examined = [&](const std::string& verifier) {
    const Result<ExamineConfig> config =
        read_examine_config(write("exam.toml", settings + verifier));
    EXPECT_TRUE(config) << config.error().message;
    return examine(*config, [](std::string_view) {});
  };
  const auto subjects = examined("['python3', 'check.py']");
  ASSERT_TRUE(subjects) << subjects.error().message;
  EXPECT_EQ(subjects->front().figures.right, 0.5);
  const auto missing = examined("['no-such-program']");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().parameter, "files.pets.verifier");
}

TEST_F(ExaminationTest, ARunThatIsNotThereIsNamed) {
  const Result<ExamineConfig> config = read_examine_config(
      write("exam.toml", "folder = 'exam'\nstart = 'none'\n[tasks]\naddition = {}"));
  ASSERT_TRUE(config) << config.error().message;
  const auto subjects = examine(*config, [](std::string_view) {});
  ASSERT_FALSE(subjects);
  EXPECT_THAT(subjects.error().message, HasSubstr("none/checkpoint.pt"));
}

}  // namespace
}  // namespace melete::train
