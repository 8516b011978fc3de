// The log numbers frames, keeps the last ones, and says when others are asked for.

#include "runs/frame_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace melete::runs {
namespace {

using testing::HasSubstr;

TEST(FrameLog, NumbersFramesAcrossAppends) {
  FrameLog log(1000);
  EXPECT_EQ(log.last(), -1);
  log.append("a\n\nb\n\n");
  log.append("c\n\n");
  EXPECT_EQ(log.last(), 2);
  EXPECT_EQ(log.after(-1)->text, "a\n\nb\n\nc\n\n");
  EXPECT_EQ(log.after(0)->text, "b\n\nc\n\n");
  EXPECT_EQ(log.after(0)->last, 2);
  EXPECT_EQ(log.after(2)->text, "");
  EXPECT_EQ(log.after(7)->last, 7);
  EXPECT_EQ(log.after(std::numeric_limits<int64_t>::max())->text, "");
}

TEST(FrameLog, DropsTheOldestBeyondItsBytes) {
  FrameLog log(9);
  for (const char* frame : {"a\n\n", "b\n\n", "c\n\n", "d\n\n"}) log.append(frame);
  EXPECT_EQ(log.after(0)->text, "b\n\nc\n\nd\n\n");
  const auto gone = log.after(-1);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().parameter, "starting_after");
  EXPECT_THAT(gone.error().message, HasSubstr("Events up to 0"));
}

TEST(FrameLog, KeepsTheLastAppendWhateverItsSize) {
  FrameLog log(0);
  log.append("a\n\n");
  log.append("b\n\nc\n\n");
  EXPECT_EQ(log.after(0)->text, "b\n\nc\n\n");
  EXPECT_FALSE(log.after(-1));
}

TEST(FrameLog, GivesLongLogsInPieces) {
  FrameLog log(1 << 20);
  const std::string frame = std::string(40'000, 'x') + "\n\n";
  for (int count = 0; count < 3; ++count) log.append(frame);
  const auto first = log.after(-1);
  EXPECT_EQ(first->last, 1);
  EXPECT_EQ(first->text.size(), 2 * frame.size());
  EXPECT_EQ(log.after(first->last)->last, 2);
}

}  // namespace
}  // namespace melete::runs
