// The wire is judged by its other side: what is written here src/api reads, and the other way
// round.

#include "cli/completion_wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/chat_completions/read_request.h"
#include "api/chat_completions/write_chunks.h"
#include "chat/collect.h"
#include "cli/sse_reader.h"

namespace melete::cli {
namespace {

using testing::HasSubstr;

chat::Request full_request() {
  chat::Request request;
  request.model = "m";
  request.messages.push_back(chat::text_message(chat::Role::System, "Be brief."));
  chat::Message user{chat::Role::User, {}};
  user.parts.emplace_back(
      chat::ImagePart{std::make_shared<std::string>("\x89PNG picture"), "a.png"});
  user.parts.emplace_back(chat::AudioPart{std::make_shared<std::string>("RIFF sound"), "a.wav"});
  user.parts.emplace_back(chat::TextPart{"What is this?"});
  request.messages.push_back(user);
  request.mode = chat::Mode::Contemplating;
  request.effort = chat::Effort::Low;
  request.strategy = "vote";
  request.agents = 3;
  request.hints = {"Work backwards."};
  request.models = {"m", "n"};
  request.verifier = chat::EqualsValue{.value = "42", .tolerance = 1};
  request.sampling.temperature = 0.5;
  request.sampling.seed = 7;
  request.limits.answer_tokens = 100;
  request.limits.reasoning_tokens = 50;
  return request;
}

TEST(WriteRequest, IsReadByTheServerAsItWasMeant) {
  const auto body = write_request(full_request());
  ASSERT_TRUE(body);
  const auto read = api::chat_completions::read_request(*body);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(read->stream);
  EXPECT_TRUE(read->events);
  EXPECT_TRUE(read->include_usage);
  EXPECT_EQ(read->wish.from_body, chat::Mode::Contemplating);
  EXPECT_EQ(read->wish.output_tokens, 150);
  EXPECT_EQ(read->wish.reasoning_tokens, 50);
  const chat::Request& request = read->request;
  EXPECT_EQ(request.model, "m");
  EXPECT_EQ(request.effort, chat::Effort::Low);
  EXPECT_EQ(request.strategy, "vote");
  EXPECT_EQ(request.agents, 3);
  EXPECT_EQ(request.hints, full_request().hints);
  EXPECT_EQ(request.models, full_request().models);
  EXPECT_EQ(std::get<chat::EqualsValue>(request.verifier.value()).value, "42");
  EXPECT_EQ(request.sampling.temperature, 0.5);
  EXPECT_EQ(request.sampling.seed, 7u);
  ASSERT_EQ(request.messages.size(), 2u);
  EXPECT_EQ(chat::text_of(request.messages[0]), "Be brief.");
  ASSERT_EQ(request.messages[1].parts.size(), 3u);
  EXPECT_EQ(*std::get<chat::ImagePart>(request.messages[1].parts[0]).bytes, "\x89PNG picture");
  EXPECT_EQ(*std::get<chat::AudioPart>(request.messages[1].parts[1]).bytes, "RIFF sound");
}

TEST(WriteRequest, AsksForSeveralChoices) {
  chat::Request request = full_request();
  request.mode = chat::Mode::Instant;
  request.agents = 0;
  request.strategy.clear();
  request.hints.clear();
  request.models.clear();
  request.verifier.reset();
  request.branches.resize(3);
  const auto read = api::chat_completions::read_request(write_request(request).value());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(chat::choice_count(read->request), 3);
}

TEST(WriteRequest, RefusesWhatTheWireDoesNotCarry) {
  chat::Request request = full_request();
  request.branches.resize(2);
  request.branches[1].suffix.push_back(chat::text_message(chat::Role::User, "Work backwards."));
  EXPECT_EQ(write_request(request).error().code, ErrorCode::Unsupported);
}

// The events that arrive when `events` are sent.
std::vector<chat::Event> travel(const std::vector<chat::Event>& events) {
  api::chat_completions::ChunkWriter writer({"id", 0, "m"},
                                            {.include_usage = true, .events = true});
  SseReader frames;
  for (const chat::Event& event : events) frames.feed(writer.write(event));
  frames.feed(writer.end());
  ChunkReader reader;
  std::vector<chat::Event> arrived;
  while (const auto data = frames.take()) {
    auto read = reader.read(*data);
    EXPECT_TRUE(read) << read.error().message;
    for (chat::Event& event : *read) arrived.push_back(std::move(event));
  }
  EXPECT_TRUE(reader.ended());
  return arrived;
}

TEST(ChunkReader, GivesTheEventsThatTheServerWrote) {
  const chat::Usage usage{10, 4, 3, 2};
  const chat::Report report{.strategy = "vote",
                            .stop = "decided",
                            .asked = 4,
                            .ran = 3,
                            .agents = {{.agent = "2",
                                        .model = "m",
                                        .answer = "42",
                                        .ended = "finished",
                                        .tokens = 9,
                                        .voted = true}},
                            .votes = {{.answer = "42", .votes = 3}},
                            .propose_tokens = 40,
                            .seconds = 2,
                            .chain_seconds = 1.5};
  const auto arrived = travel({
      {.payload = chat::Started{}},
      {.agent = "2", .payload = chat::AgentProgress{chat::AgentProgress::State::Answered, 9, "42"}},
      {.payload = chat::Decision{"vote", "42", 3, 4, "enough"}},
      {.payload = chat::ReasoningDelta{"Six."}},
      {.payload = chat::TextDelta{"42", {}}},
      {.payload = report},
      {.payload = usage},
      {.payload = chat::Finished{chat::FinishReason::Stop}},
  });
  ASSERT_EQ(arrived.size(), 8u);
  EXPECT_TRUE(std::holds_alternative<chat::Started>(arrived[0].payload));
  EXPECT_EQ(arrived[1].agent, "2");
  EXPECT_EQ(std::get<chat::AgentProgress>(arrived[1].payload).detail, "42");
  EXPECT_EQ(std::get<chat::Decision>(arrived[2].payload).votes, 3);
  EXPECT_EQ(std::get<chat::ReasoningDelta>(arrived[3].payload).text, "Six.");
  EXPECT_EQ(std::get<chat::TextDelta>(arrived[4].payload).text, "42");
  const auto& told = std::get<chat::Report>(arrived[5].payload);
  EXPECT_EQ(told.stop, "decided");
  EXPECT_EQ(told.ran, 3);
  EXPECT_EQ(told.agents.at(0).answer, "42");
  EXPECT_TRUE(told.agents.at(0).voted);
  EXPECT_EQ(told.votes.at(0).votes, 3);
  EXPECT_EQ(told.propose_tokens, 40);
  EXPECT_EQ(told.chain_seconds, 1.5);
  const auto& counted = std::get<chat::Usage>(arrived[6].payload);
  EXPECT_EQ(counted.prompt_tokens, 10);
  EXPECT_EQ(counted.cached_tokens, 4);
  EXPECT_EQ(counted.reasoning_tokens, 3);
  EXPECT_EQ(counted.answer_tokens, 2);
  EXPECT_EQ(std::get<chat::Finished>(arrived[7].payload).reason, chat::FinishReason::Stop);
}

TEST(ChunkReader, KeepsChoicesApart) {
  const auto arrived = travel({
      {.payload = chat::Started{}},
      {.choice = 1, .payload = chat::Started{}},
      {.choice = 1, .payload = chat::TextDelta{"b", {}}},
      {.payload = chat::TextDelta{"a", {}}},
      {.payload = chat::Finished{chat::FinishReason::Length}},
      {.payload = chat::Usage{10, 0, 0, 2}},
      {.choice = 1, .payload = chat::Finished{chat::FinishReason::Stop}},
  });
  chat::Completion completion;
  for (const chat::Event& event : arrived) chat::add_event(completion, event);
  ASSERT_EQ(completion.choices.size(), 2u);
  EXPECT_EQ(completion.choices[0].text, "a");
  EXPECT_EQ(completion.choices[0].finish_reason, chat::FinishReason::Length);
  EXPECT_EQ(completion.choices[1].text, "b");
  EXPECT_EQ(completion.choices[1].finish_reason, chat::FinishReason::Stop);
  EXPECT_EQ(completion.usage.answer_tokens, 2);
}

TEST(ChunkReader, GivesEveryMomentOfAnAgent) {
  using enum chat::AgentProgress::State;
  for (const auto state : {Started, Reasoning, Answering, Answered, Ended}) {
    const auto arrived =
        travel({{.agent = "12",
                 .payload = chat::AgentProgress{.state = state, .tokens = 7, .detail = "x"}},
                {.payload = chat::Finished{chat::FinishReason::Stop}}});
    EXPECT_EQ(arrived.at(0).agent, "12");
    const auto& progress = std::get<chat::AgentProgress>(arrived.at(0).payload);
    EXPECT_EQ(progress.state, state);
    EXPECT_EQ(progress.tokens, 7);
    EXPECT_EQ(progress.detail, state == Answered || state == Ended ? "x" : "");
  }
}

TEST(ChunkReader, KnowsWhyAnAnswerIsIncomplete) {
  using enum chat::FinishReason;
  for (const chat::FinishReason reason : {Length, Stopped, Deadline, Filtered}) {
    const auto arrived = travel({{.payload = chat::Usage{}}, {.payload = chat::Finished{reason}}});
    EXPECT_EQ(std::get<chat::Finished>(arrived.back().payload).reason, reason);
  }
}

TEST(ChunkReader, GivesAnErrorInsideTheStream) {
  const auto arrived =
      travel({{.payload = chat::Failed{{ErrorCode::ContextExceeded, "too long", "messages"}}}});
  ASSERT_EQ(arrived.size(), 1u);
  const Error& error = std::get<chat::Failed>(arrived[0].payload).error;
  EXPECT_EQ(error.code, ErrorCode::ContextExceeded);
  EXPECT_EQ(error.message, "too long");
  EXPECT_EQ(error.parameter, "messages");
}

TEST(ChunkReader, RefusesWhatIsNoChunk) {
  ChunkReader reader;
  EXPECT_EQ(reader.read("<html>").error().code, ErrorCode::Corrupt);
}

TEST(ReadError, TakesTheServersSentenceOrQuotesTheBody) {
  EXPECT_EQ(read_error(404, R"({"error": {"message": "no such model", "code": null}})").message,
            "no such model");
  EXPECT_THAT(read_error(502, "<html>Bad Gateway").message,
              testing::AllOf(HasSubstr("502"), HasSubstr("Bad Gateway")));
}

}  // namespace
}  // namespace melete::cli
