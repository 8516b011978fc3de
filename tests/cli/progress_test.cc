// Progress as a live line on a terminal and as plain lines elsewhere.

#include "cli/progress.h"

#include <gtest/gtest.h>

#include "cli/text_terminal.h"

namespace melete::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class HandClock final : public Clock {
 public:
  Instant now() const override { return now_; }
  void advance(Duration span) { now_ += span; }

 private:
  Instant now_{seconds(1000)};
};

models::PullProgress half_way() {
  models::PullProgress progress;
  progress.bytes_done = 49'000'000;
  progress.bytes_total = 98'000'000;
  return progress;
}

TEST(ProgressText, TellsBytesRateAndTimeLeft) {
  models::PullProgress progress = half_way();
  EXPECT_EQ(progress_text(progress), "49 MB of 98 MB (50 %)");
  progress.bytes_per_second = 7'000'000;
  progress.seconds_left = 7;
  EXPECT_EQ(progress_text(progress), "49 MB of 98 MB (50 %), 7 MB/s, 7 s left");
}

TEST(ProgressText, DoesWithoutATotal) {
  models::PullProgress progress;
  progress.bytes_done = 49'000'000;
  EXPECT_EQ(progress_text(progress), "49 MB");
}

TEST(ProgressText, NamesThePhase) {
  models::PullProgress progress = half_way();
  progress.phase = models::PullPhase::Checking;
  EXPECT_EQ(progress_text(progress), "checking 49 MB of 98 MB (50 %)");
  progress.phase = models::PullPhase::Waiting;
  EXPECT_NE(progress_text(progress).find("another process"), std::string::npos);
}

TEST(ProgressLine, ChangesInPlaceOnAScreenAtMostTenTimesASecond) {
  HandClock clock;
  TextTerminal on_screen(screen());
  ProgressLine line(on_screen.terminal, "loading m", clock);
  line.update(0.1);
  clock.advance(milliseconds(50));
  line.update(0.2);
  EXPECT_EQ(on_screen.text().find("20 %"), std::string::npos);
  clock.advance(milliseconds(60));
  line.update(0.3);
  EXPECT_NE(on_screen.text().find("\x1b[1F\x1b[J"), std::string::npos);
  EXPECT_NE(on_screen.text().find("loading m: 30 %"), std::string::npos);
}

TEST(ProgressLine, WritesALineForEachTenthIntoAFileAtMostOnceASecond) {
  HandClock clock;
  TextTerminal in_file(plain_file());
  ProgressLine line(in_file.terminal, "loading m", clock);
  line.update(0.0);
  for (const double part : {0.02, 0.05, 0.12}) {
    clock.advance(seconds(1));
    line.update(part);
  }
  line.update(0.5);
  line.finish("loaded m");
  EXPECT_EQ(in_file.text(), "loading m: 0 %\nloading m: 12 %\nloaded m\n");
}

TEST(ProgressLine, BreaksASilenceOfTenSecondsInAFile) {
  HandClock clock;
  TextTerminal in_file(plain_file());
  ProgressLine line(in_file.terminal, "pulling m", clock);
  line.update(0.01);
  clock.advance(seconds(9));
  line.update(0.02);
  clock.advance(seconds(2));
  line.update(0.03);
  EXPECT_EQ(in_file.text(), "pulling m: 1 %\npulling m: 3 %\n");
}

}  // namespace
}  // namespace melete::cli
