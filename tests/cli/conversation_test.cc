// What a conversation keeps of its turns.

#include "cli/conversation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melete::cli {
namespace {

using testing::HasSubstr;

chat::Completion answer(const std::string& text) {
  chat::Completion completion;
  completion.choices.resize(1);
  completion.choices[0].text = text;
  return completion;
}

TEST(Conversation, SendsAllTurnsWithEachQuestion) {
  Conversation conversation("m", {.mode = "instant"});
  EXPECT_EQ(conversation.take("What is 6 * 7?").kind, Reply::Kind::Ask);
  conversation.add_answer(answer("42"));
  conversation.take("And twice that?");
  const auto request = conversation.request();
  ASSERT_TRUE(request);
  ASSERT_EQ(request->messages.size(), 3u);
  EXPECT_EQ(request->messages[1].role, chat::Role::Assistant);
  EXPECT_EQ(chat::text_of(request->messages[1]), "42");
  EXPECT_EQ(chat::text_of(request->messages[2]), "And twice that?");
}

TEST(Conversation, ForgetsAQuestionWithoutAnAnswer) {
  Conversation conversation("m", {.mode = "instant"});
  conversation.take("one");
  conversation.add_answer(answer(""));
  EXPECT_EQ(conversation.turns(), 0u);
  conversation.take("two");
  chat::Completion failed = answer("half");
  failed.error = Error{ErrorCode::Overloaded, "no room", ""};
  conversation.add_answer(failed);
  EXPECT_EQ(conversation.turns(), 0u);
}

TEST(Conversation, ChangesModeEffortAndAgents) {
  Conversation conversation("m", {.mode = "instant"});
  EXPECT_EQ(conversation.take("/effort high").text,
            "the effort is high; it counts in /mode thinking");
  EXPECT_EQ(conversation.take("/agents 2").text, "agents: 2; they work in /mode contemplating");
  EXPECT_EQ(conversation.take("/mode contemplating").text, "the mode is contemplating");
  conversation.take("/effort low");
  conversation.take("/agents 3");
  conversation.take("Why?");
  const auto request = conversation.request();
  ASSERT_TRUE(request);
  EXPECT_EQ(request->mode, chat::Mode::Contemplating);
  EXPECT_EQ(request->effort, chat::Effort::Low);
  EXPECT_EQ(request->agents, 3);
}

TEST(Conversation, RefusesWrongWordsAndChangesNothing) {
  Conversation conversation("m", {.mode = "instant"});
  EXPECT_THAT(conversation.take("/mode slow").text, HasSubstr("contemplating"));
  EXPECT_THAT(conversation.take("/effort huge").text, HasSubstr("xhigh"));
  EXPECT_THAT(conversation.take("/agents many").text, HasSubstr("1 to 64"));
  EXPECT_THAT(conversation.take("/what").text, HasSubstr("/help"));
  EXPECT_EQ(conversation.options().mode, "instant");
  EXPECT_EQ(conversation.options().effort, "");
  EXPECT_EQ(conversation.options().agents, 0);
  EXPECT_EQ(conversation.turns(), 0u);
}

TEST(Conversation, StartsAnewAndEnds) {
  Conversation conversation("m", {.mode = "instant"});
  conversation.take("one");
  conversation.add_answer(answer("1"));
  conversation.take("/new");
  EXPECT_EQ(conversation.turns(), 0u);
  EXPECT_EQ(conversation.take("/quit").kind, Reply::Kind::Quit);
  const Reply reply = conversation.take("/model other");
  EXPECT_EQ(reply.kind, Reply::Kind::Model);
  EXPECT_EQ(reply.argument, "other");
}

}  // namespace
}  // namespace melete::cli
