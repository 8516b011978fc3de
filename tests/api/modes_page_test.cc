// docs/modes.md is true: its requests are accepted and answered, and what it says of events,
// strategies and the report is what comes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "api/chat_completions/call.h"
#include "chat/fake_backend.h"
#include "modes/mode_backend.h"
#include "modes/strategy.h"

namespace melete::api::chat_completions {
namespace {

using testing::HasSubstr;

std::string page() {
  std::ifstream file(MELETE_SOURCE_DIR "/docs/modes.md");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> examples() {
  std::vector<std::string> found;
  const std::string text = page();
  const std::string fence = "```json\n";
  for (size_t at = text.find(fence); at != std::string::npos; at = text.find(fence, at)) {
    at += fence.size();
    found.push_back(text.substr(at, text.find("```", at) - at));
  }
  return found;
}

// What a server with the model "tiny" sends for a body.
struct Sent {
  std::string stream;
  Json whole;
};

Sent answered(const std::string& body) {
  std::vector<gateway::ServedModel> models;
  models.push_back({"tiny", std::make_unique<chat::FakeBackend>(
                                chat::FakeOptions{.info = {.can_prefill = true}},
                                chat::answers_with({.text = "Eight each. Answer: 24",
                                                    .reasoning = "three times eight"}))});
  gateway::Router router(std::move(models));
  modes::ModeBackend backend(router, {.progress_tokens = 1});
  auto call = read_call(body, {router});
  EXPECT_TRUE(call.has_value()) << (call ? "" : call.error().message);
  if (!call) return {};
  Sent sent;
  const auto stream = backend.start(call->request);
  const chat::Completion completion = chat::collect_blocking(
      *stream, [&](const chat::Event& event) { sent.stream += call->writer->write_event(event); });
  EXPECT_FALSE(completion.error.has_value());
  sent.whole = Json::parse(call->writer->write_whole(completion).value());
  return sent;
}

// The first column of the table whose head begins with `head`, without its quotes.
std::vector<std::string> column(const std::string& head) {
  std::vector<std::string> cells;
  std::istringstream lines(page());
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (inside && !line.starts_with('|')) break;
    if (inside && line.starts_with("| `")) cells.push_back(line.substr(3, line.find('`', 3) - 3));
    inside = inside || line.starts_with("| " + head + " |");
  }
  return cells;
}

TEST(ModesPage, ItsExamplesAreAnswered) {
  ASSERT_EQ(examples().size(), 5u);
  for (const std::string& example : examples()) {
    SCOPED_TRACE(example);
    const Sent sent = answered(example);
    EXPECT_EQ(sent.whole["choices"][0]["message"]["content"], "Eight each. Answer: 24");
    EXPECT_EQ(sent.whole["choices"][0]["finish_reason"], "stop");
  }
}

TEST(ModesPage, EveryEventComesWithItsFields) {
  const Sent sent = answered(examples().at(0));
  const auto types = column("type");
  ASSERT_EQ(types.size(), 6u);
  for (const std::string& type : types) {
    EXPECT_THAT(sent.stream, HasSubstr("\"type\":\"" + type + "\""));
  }
  EXPECT_THAT(sent.stream, HasSubstr(R"("answer":"24","text":"Eight each. Answer: 24")"));
  EXPECT_THAT(sent.stream, HasSubstr(R"("why":"finished")"));
}

TEST(ModesPage, ItNamesEveryStrategy) {
  const auto names = column("strategy");
  EXPECT_EQ(names.size(), 6u);
  for (const std::string& name : names) EXPECT_TRUE(modes::find_strategy(name)) << name;
}

TEST(ModesPage, TheReportHoldsWhatItSays) {
  const Json report = answered(examples().at(0)).whole["melete"];
  std::set<std::string> fields;
  for (const auto& [name, value] : report.items()) fields.insert(name);
  const std::set<std::string> told{"strategy",      "stop",          "agents_asked", "agents_ran",
                                   "agents",        "votes",         "tokens",       "seconds",
                                   "chain_seconds", "latency_ratio", "decisions"};
  EXPECT_EQ(fields, told);
  EXPECT_EQ(report["agents_asked"], 4);
  EXPECT_EQ(report["votes"].at(0)["answer"], "24");
}

TEST(ModesPage, AgentsAskModelsThatAreServed) {
  std::vector<gateway::ServedModel> models;
  models.push_back(
      {"tiny", std::make_unique<chat::FakeBackend>(chat::FakeOptions{}, chat::answers("Hi"))});
  const gateway::Router router(std::move(models));
  const auto call = read_call(
      R"({"messages": [{"role": "user", "content": "Hi"}], "melete": {"models": ["huge"]}})",
      {router});
  ASSERT_FALSE(call);
  EXPECT_EQ(call.error().code, ErrorCode::NotFound);
  EXPECT_EQ(call.error().parameter, "melete.models");
}

}  // namespace
}  // namespace melete::api::chat_completions
