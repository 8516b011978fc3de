// `melete ask QUESTION` once waited for ever on a pipe that nobody wrote to nor closed.

#include "cli/pipe_input.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>

namespace melete::cli {
namespace {

using std::chrono::milliseconds;

class PipeInputTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(pipe(ends_.data()), 0); }
  void TearDown() override {
    close(ends_[0]);
    finish();
  }

  int reading_end() const { return ends_[0]; }
  void write_text(const std::string& text) const {
    ASSERT_EQ(write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void finish() {
    if (ends_[1] >= 0) close(ends_[1]);
    ends_[1] = -1;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

TEST_F(PipeInputTest, AnOpenPipeThatStaysSilentIsGivenUp) {
  const auto input = read_pipe(reading_end(), milliseconds(20));
  ASSERT_TRUE(input);
  EXPECT_TRUE(input->silent);
  EXPECT_EQ(input->text, "");
}

TEST_F(PipeInputTest, AClosedPipeIsEmptyAtOnce) {
  finish();
  const auto input = read_pipe(reading_end(), std::chrono::hours(1));
  ASSERT_TRUE(input);
  EXPECT_FALSE(input->silent);
  EXPECT_EQ(input->text, "");
}

TEST_F(PipeInputTest, OnceSomethingCameItIsReadToItsEnd) {
  write_text("one\n");
  std::jthread writer([this] {
    std::this_thread::sleep_for(milliseconds(60));
    write_text("two\r\n");
    finish();
  });
  const auto input = read_pipe(reading_end(), milliseconds(20));
  ASSERT_TRUE(input);
  EXPECT_EQ(input->text, "one\ntwo");
}

TEST_F(PipeInputTest, WithoutALimitTheFirstByteMayTakeItsTime) {
  std::jthread writer([this] {
    std::this_thread::sleep_for(milliseconds(60));
    write_text("late");
    finish();
  });
  EXPECT_EQ(read_pipe(reading_end(), {})->text, "late");
}

}  // namespace
}  // namespace melete::cli
