// What is read before it is asked, in each mode.

#include <gtest/gtest.h>

#include "chat/fake_backend.h"
#include "modes/mode_backend.h"

namespace melete::modes {
namespace {

TEST(ReadAhead, ReadsThePromptThatTheModeWouldAsk) {
  chat::FakeBackend backend({}, chat::answers("42"));
  ModeBackend modes(backend);
  chat::Request request;
  request.messages = {chat::text_message(chat::Role::User, "How many?")};
  for (const chat::Mode mode :
       {chat::Mode::Instant, chat::Mode::Thinking, chat::Mode::Contemplating}) {
    request.mode = mode;
    modes.read_ahead(request);
  }
  request.effort = chat::Effort::None;
  modes.read_ahead(request);
  const std::vector<chat::Request> read = backend.read_aheads();
  ASSERT_EQ(read.size(), 4u);
  EXPECT_EQ(read[0].limits.reasoning_tokens, 0);
  EXPECT_GT(read[1].limits.reasoning_tokens, 0);
  EXPECT_GT(read[2].limits.reasoning_tokens, 0);
  EXPECT_EQ(read[3].limits.reasoning_tokens, 0) << "thinking with no effort is instant";
}

}  // namespace
}  // namespace melete::modes
