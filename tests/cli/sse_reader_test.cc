// Server-sent events read from pieces that break anywhere.

#include "cli/sse_reader.h"

#include <gtest/gtest.h>

namespace melete::cli {
namespace {

TEST(SseReader, GivesAnEventOnceItIsWhole) {
  SseReader reader;
  reader.feed("data: on");
  EXPECT_FALSE(reader.take());
  reader.feed("e\n");
  EXPECT_FALSE(reader.take());
  reader.feed("\ndata: two\n\n");
  EXPECT_EQ(reader.take(), "one");
  EXPECT_EQ(reader.take(), "two");
  EXPECT_FALSE(reader.take());
}

TEST(SseReader, SkipsCommentsAndOtherFields) {
  SseReader reader;
  reader.feed(": still here\n\nevent: x\nid: 7\ndata: one\n\n");
  EXPECT_EQ(reader.take(), "one");
  EXPECT_FALSE(reader.take());
}

TEST(SseReader, JoinsLinesAndTakesBothLineEnds) {
  SseReader reader;
  reader.feed("data: a\r\ndata:b\r\n\r\n");
  EXPECT_EQ(reader.take(), "a\nb");
}

}  // namespace
}  // namespace melete::cli
