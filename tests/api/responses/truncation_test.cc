// The oldest turns go until the rest fits; instructions and the last turn stay.

#include "api/responses/truncation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/fake_backend.h"

namespace melete::api::responses {
namespace {

using chat::Role;
using testing::ElementsAre;

// A model whose context holds so many words of prompt and answer.
gateway::Router model_with(int64_t context) {
  std::vector<gateway::ServedModel> models;
  models.push_back(
      {"tiny", std::make_unique<chat::FakeBackend>(
                   chat::FakeOptions{.info = {.context_tokens = context}}, chat::answers("Hi"))});
  return gateway::Router(std::move(models));
}

// Turns of four words each after two words of instructions.
chat::Request turns(int count) {
  chat::Request request;
  request.model = "tiny";
  request.messages = {chat::text_message(Role::System, "be brief")};
  for (int turn = 1; turn <= count; ++turn) {
    const std::string name = std::to_string(turn);
    request.messages.push_back(chat::text_message(Role::User, "question " + name));
    if (turn < count)
      request.messages.push_back(chat::text_message(Role::Assistant, "answer " + name));
  }
  return request;
}

std::vector<std::string> left_of(chat::Request request, int64_t context) {
  const auto done = truncate(request, model_with(context));
  EXPECT_TRUE(done);
  std::vector<std::string> texts;
  for (const chat::Message& message : request.messages) texts.push_back(chat::text_of(message));
  return texts;
}

TEST(Truncation, LeavesWhatFits) {
  EXPECT_EQ(left_of(turns(3), 1000).size(), 6u);
  EXPECT_EQ(left_of(turns(3), 0).size(), 6u);
}

TEST(Truncation, DropsTheOldestTurns) {
  // Room for the answer is a quarter of the context.
  EXPECT_THAT(left_of(turns(4), 14),
              ElementsAre("be brief", "question 3", "answer 3", "question 4"));
}

TEST(Truncation, LeavesRoomForTheAnswerThatIsAskedFor) {
  chat::Request request = turns(4);
  request.limits.answer_tokens = 8;
  EXPECT_THAT(left_of(request, 16),
              ElementsAre("be brief", "question 3", "answer 3", "question 4"));
  request.limits.answer_tokens = 1;
  EXPECT_THAT(left_of(request, 16), ElementsAre("be brief", "question 2", "answer 2", "question 3",
                                                "answer 3", "question 4"));
}

TEST(Truncation, NeverDropsTheLastTurn) {
  EXPECT_THAT(left_of(turns(3), 2), ElementsAre("be brief", "question 3"));
}

}  // namespace
}  // namespace melete::api::responses
