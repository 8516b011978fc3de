// What `ask` shows and where, over a backend that answers from a script.

#include "cli/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "chat/fake_backend.h"
#include "cli/agent_board.h"
#include "cli/text_terminal.h"

namespace melete::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using State = chat::AgentProgress::State;

chat::Request question() {
  chat::Request request;
  request.messages.push_back(chat::text_message(chat::Role::User, "What is 6 * 7?"));
  return request;
}

struct Shown {
  Answer answer;
  std::string out;
  std::string error;
};

Shown show(chat::FakeScript script, TerminalTraits error_traits) {
  chat::FakeBackend backend({}, std::move(script));
  TextTerminal out(plain_file());
  TextTerminal error(error_traits);
  AnswerPrinter printer(out.terminal, error.terminal);
  Shown shown;
  shown.answer = run_answer(backend, question(), printer);
  shown.out = out.text();
  shown.error = error.text();
  return shown;
}

chat::FakeScript reasoned() {
  return chat::answers_with({.text = "It is 42.", .reasoning = "Six times seven."});
}

// Two agents and their vote, then the answer.
chat::FakeScript contemplated() {
  std::vector<chat::FakeStep> steps;
  const auto add = [&](const char* agent, chat::Payload payload) {
    steps.push_back({.event = {.agent = agent, .payload = std::move(payload)}});
  };
  add("1", chat::AgentProgress{State::Reasoning, 12, ""});
  add("2", chat::AgentProgress{State::Started, 0, ""});
  add("1", chat::AgentProgress{State::Answered, 40, "42"});
  add("2", chat::AgentProgress{State::Answered, 44, "42"});
  add("", chat::Decision{"vote", "42", 2, 2, "all agree"});
  for (const chat::FakeStep& step : chat::steps_of({.text = "It is 42."}, 0)) steps.push_back(step);
  return [steps](const chat::Request&) { return steps; };
}

TEST(Answer, GoesToTheOutputAndEndsItsLine) {
  const Shown shown = show(chat::answers("It is 42."), plain_file());
  EXPECT_EQ(shown.out, "It is 42.\n");
  EXPECT_EQ(shown.error, "");
  EXPECT_FALSE(shown.answer.interrupted);
  EXPECT_EQ(shown.answer.completion.choices[0].text, "It is 42.");
}

TEST(Answer, ShowsReasoningDimmedToAPersonOnly) {
  const Shown person = show(reasoned(), screen());
  EXPECT_EQ(person.out, "It is 42.\n");
  EXPECT_THAT(person.error, AllOf(HasSubstr("\x1b[2m"), HasSubstr("seven.")));

  const Shown file = show(reasoned(), plain_file());
  EXPECT_EQ(file.out, "It is 42.\n");
  EXPECT_EQ(file.error, "");
}

TEST(Answer, TellsOfAgentsInPlainLinesAsTheySettle) {
  const Shown shown = show(contemplated(), plain_file());
  EXPECT_EQ(shown.out, "It is 42.\n");
  EXPECT_EQ(shown.error,
            "agent 1 answered (40 tokens): 42\n"
            "agent 2 answered (44 tokens): 42\n"
            "2 of 2 agents say 42\n");
}

TEST(Answer, ShowsTheBeginningOfAFreeTextAndWhyAnAgentEnded) {
  std::vector<chat::FakeStep> steps;
  const auto add = [&](const char* agent, chat::AgentProgress progress) {
    steps.push_back({.event = {.agent = agent, .payload = std::move(progress)}});
  };
  add("1", {.state = State::Answered, .tokens = 9, .text = "The sea is wide,\nthe sea is deep."});
  add("1", {.state = State::Ended, .tokens = 9, .detail = "finished"});
  add("2", {.state = State::Ended, .tokens = 7, .detail = "loop"});
  for (const chat::FakeStep& step : chat::steps_of({.text = "Sea."}, 0)) steps.push_back(step);
  const Shown shown = show([steps](const chat::Request&) { return steps; }, plain_file());
  EXPECT_EQ(shown.error,
            "agent 1 answered (9 tokens): The sea is wide,\n"
            "agent 2 ended (7 tokens): loop\n");
}

TEST(Answer, GivesEachAgentALiveLineOnAScreen) {
  const Shown shown = show(contemplated(), screen());
  EXPECT_EQ(shown.out, "It is 42.\n");
  EXPECT_THAT(shown.error, AllOf(HasSubstr("agent 1"), HasSubstr("thinking"),
                                 HasSubstr("2 of 2 agents say 42")));
  EXPECT_THAT(shown.error, Not(HasSubstr("agent 2 answered (44 tokens)")));
}

TEST(Answer, KeepsWhatWasWrittenBeforeAFailure) {
  const Error error{ErrorCode::Overloaded, "no room now", ""};
  const Shown shown = show(chat::answers_with({.text = "It is", .error = error}), plain_file());
  ASSERT_TRUE(shown.answer.completion.error);
  EXPECT_EQ(shown.answer.completion.error->message, "no room now");
  EXPECT_EQ(shown.out, "It is\n");
}

TEST(Answer, StopsAtCtrlC) {
  chat::FakeOptions options;
  options.pace = chat::FakeOptions::Pace::RealTime;
  chat::FakeBackend backend(options, chat::answers_with({.text = "It is", .hangs = true}));
  TextTerminal out(plain_file());
  TextTerminal error(plain_file());
  AnswerPrinter printer(out.terminal, error.terminal);
  std::thread person([&] {
    while (backend.live_streams() == 0) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    raise(SIGINT);
  });
  const Answer answer = run_answer(backend, question(), printer);
  person.join();
  EXPECT_TRUE(answer.interrupted);
  EXPECT_EQ(answer.completion.choices[0].finish_reason, chat::FinishReason::Stopped);
  EXPECT_EQ(out.text(), "It is\n");
  EXPECT_EQ(backend.controls().size(), 1u);
}

TEST(DecisionText, TellsWhyWhereNobodyVoted) {
  EXPECT_EQ(decision_text({"vote", "42", 2, 2, "all agree"}), "2 of 2 agents say 42");
  EXPECT_EQ(decision_text({"vote", "", 0, 4, "the merge failed: gone"}),
            "settled by vote: the merge failed: gone");
}

TEST(UsageText, TellsSecondsTokensAndRate) {
  chat::Usage usage;
  usage.reasoning_tokens = 30;
  usage.answer_tokens = 10;
  EXPECT_EQ(usage_text(usage, 2.0), "2.0 s, 40 tokens (30 of reasoning), 20.0 tokens/s");
}

}  // namespace
}  // namespace melete::cli
