// A log line is one event with its fields, quoted where a reader could mistake them.

#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

namespace melete {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

// What log_event writes to standard error at `level`; the level is put back to Info afterwards.
std::string logged(LogLevel level, const std::vector<LogField>& fields = {}) {
  ::testing::internal::CaptureStderr();
  log_event(level, "model_loaded", fields);
  return ::testing::internal::GetCapturedStderr();
}

TEST(LogEvent, WritesTimeLevelEventAndFields) {
  const std::string line = logged(LogLevel::Info, {{"model", "nano"}, {"seconds", 1.5}});
  EXPECT_THAT(line, EndsWith(" info model_loaded model=nano seconds=1.5\n"));
  EXPECT_EQ(line.find('T'), 10U);
}

TEST(LogEvent, QuotesWhatWouldBreakALine) {
  EXPECT_THAT(logged(LogLevel::Info, {{"path", "two words"}}), HasSubstr("path=\"two words\""));
  EXPECT_THAT(logged(LogLevel::Info, {{"text", "say \"a\""}}), HasSubstr(R"(text="say \"a\"")"));
  EXPECT_THAT(logged(LogLevel::Info, {{"text", "a=b"}}), HasSubstr("text=\"a=b\""));
  EXPECT_THAT(logged(LogLevel::Info, {{"none", ""}}), HasSubstr("none=\"\""));
}

TEST(LogEvent, KeepsAFieldFromForgingALine) {
  for (const char* value : {"a\nb", "a\rb", "a\tb", "\x1b[31mred"}) {
    const std::string line = logged(LogLevel::Info, {{"text", value}});
    EXPECT_EQ(line.find_first_of("\n\r\t\x1b"), line.size() - 1) << line;
  }
}

TEST(LogEvent, TakesBracesAsText) {
  EXPECT_THAT(logged(LogLevel::Info, {{"json", "{}"}}), HasSubstr("json={}\n"));
}

TEST(LogLevel, DropsWhatIsBelow) {
  EXPECT_EQ(logged(LogLevel::Debug), "");
  set_log_level(LogLevel::Error);
  EXPECT_EQ(logged(LogLevel::Warning), "");
  EXPECT_NE(logged(LogLevel::Error), "");
  set_log_level(LogLevel::Off);
  EXPECT_EQ(logged(LogLevel::Error), "");
  set_log_level(LogLevel::Info);
}

TEST(LogEvent, KeepsLinesWholeAcrossThreads) {
  ::testing::internal::CaptureStderr();
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int writer = 0; writer < 4; ++writer) {
      threads.emplace_back([writer] {
        for (int line = 0; line < 100; ++line) {
          log_event(LogLevel::Info, "tick", {{"writer", writer}, {"line", line}, {"end", "."}});
        }
      });
    }
  }
  const std::string text = ::testing::internal::GetCapturedStderr();
  size_t lines = 0;
  for (size_t at = text.find(" end=.\n"); at != std::string::npos;
       at = text.find(" end=.\n", at + 1)) {
    ++lines;
  }
  EXPECT_EQ(lines, 400U);
  EXPECT_EQ(static_cast<size_t>(std::count(text.begin(), text.end(), '\n')), 400U);
}

}  // namespace
}  // namespace melete
