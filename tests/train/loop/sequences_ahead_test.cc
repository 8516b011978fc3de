// Sequences from many threads come in the order of their numbers.

#include "loop/sequences_ahead.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace melete::train {
namespace {

// A sequence whose only token is its number.
Result<Sequence> numbered(uint64_t number) {
  Sequence sequence;
  sequence.tokens = {static_cast<int32_t>(number)};
  return sequence;
}

TEST(SequencesAhead, ComeInOrderWhicheverIsMadeFirst) {
  SequencesAhead ahead(
      [](uint64_t number) {
        std::this_thread::sleep_for(std::chrono::microseconds(number * 7919 % 300));
        return numbered(number);
      },
      5, 4);
  for (uint64_t number = 5; number < 1000; ++number) {
    ASSERT_EQ(ahead.at(number)->tokens.front(), static_cast<int32_t>(number));
  }
}

TEST(SequencesAhead, TheSameOneIsAskedForAgain) {
  SequencesAhead ahead(numbered, 0, 2);
  EXPECT_EQ(ahead.at(0)->tokens.front(), 0);
  EXPECT_EQ(ahead.at(1)->tokens.front(), 1);
  EXPECT_EQ(ahead.at(1)->tokens.front(), 1);
}

TEST(SequencesAhead, AnErrorWaitsForItsTurn) {
  SequencesAhead ahead(
      [](uint64_t number) -> Result<Sequence> {
        if (number == 3) return fail(ErrorCode::Corrupt, "The third is broken.");
        return numbered(number);
      },
      0, 3);
  for (uint64_t number = 0; number < 3; ++number) ASSERT_TRUE(ahead.at(number));
  EXPECT_EQ(ahead.at(3).error().message, "The third is broken.");
}

TEST(SequencesAhead, NoMoreAreMadeThanThereIsRoomFor) {
  std::atomic<int> made = 0;
  {
    SequencesAhead ahead(
        [&](uint64_t number) {
          ++made;
          return numbered(number);
        },
        0, 1);
    ASSERT_TRUE(ahead.at(0));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_LE(made, 64);
}

}  // namespace
}  // namespace melete::train
