// A stream for a request that cannot be answered.

#include "chat/failed_stream.h"

#include <gtest/gtest.h>

#include "chat/collect.h"

namespace melete::chat {
namespace {

TEST(FailedStream, TellsItsErrorOnceAndEnds) {
  const auto stream = failed_stream({ErrorCode::NotFound, "there is no such model", "model"});
  int events = 0;
  const Completion completion = collect_blocking(*stream, [&](const Event&) { ++events; });
  EXPECT_EQ(events, 1);
  ASSERT_TRUE(completion.error);
  EXPECT_EQ(completion.error->code, ErrorCode::NotFound);
  EXPECT_EQ(completion.error->parameter, "model");
}

TEST(FailedStream, CannotBeControlled) {
  const auto stream = failed_stream({ErrorCode::NotFound, "there is no such model", "model"});
  EXPECT_EQ(stream->control(Stop{}).error().code, ErrorCode::Conflict);
}

}  // namespace
}  // namespace melete::chat
