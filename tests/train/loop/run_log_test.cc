// What a run tells.

#include "loop/run_log.h"

#include <gmock/gmock.h>

#include "train/files.h"
#include "train/full_disk.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

using testing::HasSubstr;

class HandClock final : public Clock {
 public:
  Instant now() const override { return now_; }
  void pass(int seconds) { now_ += std::chrono::seconds(seconds); }

 private:
  Instant now_{};
};

TEST(RunLog, DropsWhatComesAfterTheCheckpoint) {
  const TemporaryFolder folder;
  std::ofstream(folder / "log.jsonl") << "{\"step\":1}\n{\"step\":2}\n{\"step\":3}\n{\"st";
  {
    Result<RunLog> log = RunLog::open(folder / "log.jsonl", 2);
    ASSERT_TRUE(log) << log.error().message;
    ASSERT_TRUE(log->write(to_json({.step = 3, .loss = 1.5}, 100)));
  }
  const std::string text = content_of(folder / "log.jsonl");
  EXPECT_THAT(text, testing::StartsWith("{\"step\":1}\n{\"step\":2}\n{\"step\":3,\"loss\":1.5"));
  EXPECT_EQ(std::ranges::count(text, '\n'), 3);
}

TEST(RunLog, AFullDiskLeavesTheLastOne) {
  const TemporaryFolder folder;
  const std::string lines = "{\"step\":1}\n{\"step\":2}\n";
  std::ofstream(folder / "log.jsonl") << lines;
  {
    const FullDisk full(10);
    EXPECT_EQ(RunLog::open(folder / "log.jsonl", 1).error().code, ErrorCode::StorageFull);
  }
  EXPECT_EQ(content_of(folder / "log.jsonl"), lines);
}

TEST(RunLog, AFolderThatIsMissingIsAnError) {
  const TemporaryFolder folder;
  EXPECT_EQ(RunLog::open(folder / "none/log.jsonl", 0).error().code, ErrorCode::StorageFull);
}

TEST(Pace, TellsSpeedAndTimeLeft) {
  HandClock clock;
  Pace pace(100, clock);
  for (int step = 1; step <= 5; ++step) {
    clock.pass(2);
    pace.add({.step = step, .tokens = 1000, .loss = 2.5});
  }
  EXPECT_DOUBLE_EQ(pace.tokens_per_second(), 500);
  EXPECT_DOUBLE_EQ(pace.seconds_left(), 190);
  EXPECT_THAT(pace.line(), HasSubstr("step 5 of 100  loss 2.500  500 tokens/s  3 min 10 s left"));
}

TEST(Pace, ForgetsWhatIsLongPast) {
  HandClock clock;
  Pace pace(1000, clock);
  for (int step = 1; step <= 200; ++step) {
    clock.pass(step <= 100 ? 10 : 1);
    pace.add({.step = step, .tokens = 100});
  }
  EXPECT_DOUBLE_EQ(pace.tokens_per_second(), 100);
}

}  // namespace
}  // namespace melete::train
