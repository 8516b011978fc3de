// Times to keep something, as they are said.

#include "cli/keep_time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melete::cli {
namespace {

using testing::HasSubstr;

TEST(KeepTime, IsHoursOrDaysOrForever) {
  EXPECT_EQ(read_keep_time("1h")->value(), std::chrono::hours(1));
  EXPECT_EQ(read_keep_time("30d")->value(), std::chrono::days(30));
  EXPECT_EQ(read_keep_time("100000d")->value(), std::chrono::days(100'000));
  EXPECT_FALSE(read_keep_time("forever")->has_value());
}

TEST(KeepTime, OfAnotherKindIsRefused) {
  for (const char* text :
       {"", "0d", "-1d", "30", "d", "30 d", "1.5d", "2w", "100001h", "never", "99999999999d"}) {
    const auto time = read_keep_time(text);
    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error().code, ErrorCode::InvalidArgument);
    EXPECT_THAT(time.error().message, HasSubstr("use hours or days such as 12h or 30d"));
  }
}

}  // namespace
}  // namespace melete::cli
