// What Open Responses (version 2026-04-24) demands of a response and of the events by which it
// grows: every field there, of its type, in the order of the events. The suite itself is run by
// tests/server/conformance; these hold the same points where it is not at hand.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "server/open_responses_fields.h"
#include "server/test_server.h"

namespace melete::server {
namespace {

using testing::ElementsAre;

// The events of a body of frames; each frame names its event, and [DONE] ends them.
std::vector<Json> events_of(const std::string& frames) {
  std::vector<Json> events;
  size_t at = 0;
  while (frames.compare(at, 7, "event: ") == 0) {
    const size_t line = frames.find('\n', at);
    const size_t end = frames.find("\n\n", at);
    events.push_back(Json::parse(frames.substr(line + 7, end - line - 7)));
    EXPECT_EQ(events.back()["type"], frames.substr(at + 7, line - at - 7));
    at = end + 2;
  }
  EXPECT_EQ(frames.substr(at), "data: [DONE]\n\n");
  return events;
}

struct Asked {
  std::string name;
  chat::FakeScript script;
  std::string fields;  // of the request, beside model and input
  std::string status;
  std::vector<std::string> items;  // types
};

chat::FakeScript calls() {
  return [](const chat::Request&) {
    return std::vector<chat::FakeStep>{
        {{}, {.payload = chat::Started{}}},
        {{}, {.tokens = 1, .payload = chat::ToolCallDelta{0, "c1", "weather", ""}}},
        {{}, {.tokens = 1, .payload = chat::ToolCallDelta{0, "", "", R"({"city":"Oslo"})"}}},
        {{}, {.payload = chat::ToolCall{"c1", "weather", R"({"city":"Oslo"})"}}},
        {{}, {.payload = chat::Finished{chat::FinishReason::ToolCalls}}}};
  };
}

const std::vector<Asked> kAsked = {
    {"Text", chat::answers("Hello there."), "", "completed", {"message"}},
    {"Reasoning",
     chat::answers_with({.text = "Four.", .reasoning = "Two and two."}),
     R"("reasoning": {"effort": "low"})",
     "completed",
     {"reasoning", "message"}},
    {"Call",
     calls(),
     R"("tools": [{"type": "function", "name": "weather"}])",
     "completed",
     {"function_call"}},
    {"Cut",
     chat::answers("One two three four."),
     R"("max_output_tokens": 2)",
     "incomplete",
     {"message"}},
    {"Logprobs",
     chat::answers_with({.text = "Hello there.", .logprob = -0.5}),
     R"("include": ["message.output_text.logprobs"], "top_logprobs": 2)",
     "completed",
     {"message"}},
    {"Settings",
     chat::answers(R"({"a":1})"),
     R"("instructions": "Be brief.", "temperature": 0, "top_p": 1, "metadata": {"k": "v"},
        "text": {"format": {"type": "json_object"}}, "tool_choice": "none",
        "tools": [{"type": "function", "name": "f", "parameters": {"type": "object"}}])",
     "completed",
     {"message"}}};

std::string body(const Asked& asked, const std::string& more) {
  const std::string comma = asked.fields.empty() ? "" : ", ";
  return R"({"model": "tiny", "input": [{"type": "message", "role": "user", "content": "Hi"}])" +
         comma + asked.fields + more + "}";
}

HttpReply ask(const TestServer& server, const std::string& text) {
  HttpClient client(server.port());
  client.send(post("/v1/responses", text));
  return client.read_reply();
}

std::vector<std::string> types_of(const Json& output) {
  std::vector<std::string> types;
  for (const Json& item : output) types.push_back(item["type"]);
  return types;
}

class OpenResponses : public testing::TestWithParam<Asked> {};

TEST_P(OpenResponses, AWholeResponseHasEveryField) {
  const TestServer server(GetParam().script);
  const HttpReply reply = ask(server, body(GetParam(), ""));
  ASSERT_EQ(reply.status, 200) << reply.body;
  expect_response(reply.json());
  EXPECT_EQ(reply.json()["object"], "response");
  EXPECT_EQ(reply.json()["status"], GetParam().status);
  EXPECT_EQ(types_of(reply.json()["output"]), GetParam().items);
}

TEST_P(OpenResponses, EveryEventHasEveryField) {
  const TestServer server(GetParam().script);
  const HttpReply reply = ask(server, body(GetParam(), R"(, "stream": true)"));
  ASSERT_EQ(reply.status, 200) << reply.body;
  const std::vector<Json> events = events_of(reply.body);
  ASSERT_GE(events.size(), 5u);
  for (size_t index = 0; index < events.size(); ++index) {
    expect_event(events[index]);
    EXPECT_EQ(events[index]["sequence_number"], index);
  }
  EXPECT_EQ(events[0]["type"], "response.created");
  EXPECT_EQ(events[1]["type"], "response.in_progress");
  EXPECT_EQ(events.back()["type"], "response." + GetParam().status);
  EXPECT_EQ(types_of(events.back()["response"]["output"]), GetParam().items);
}

// An item is added empty, grows by the deltas of its own id and index, and is done as it stands in
// the response.
TEST_P(OpenResponses, DeltasAddUpToTheItems) {
  const TestServer server(GetParam().script);
  const auto events = events_of(ask(server, body(GetParam(), R"(, "stream": true)")).body);
  std::map<std::string, std::string> texts;  // by item
  std::vector<Json> done;
  for (const Json& event : events) {
    if (event.contains("delta")) {
      texts[event["item_id"].get<std::string>()] += event["delta"].get<std::string>();
    }
    if (event["type"] == "response.output_item.added")
      texts[event["item"]["id"].get<std::string>()] = "";
    if (event["type"] == "response.output_item.done") {
      EXPECT_EQ(event["output_index"], done.size());
      done.push_back(event["item"]);
    }
  }
  EXPECT_EQ(Json(done), events.back()["response"]["output"]);
  for (const Json& item : done) {
    const bool call = item["type"] == "function_call";
    const std::string text = call ? item["arguments"] : item["content"][0]["text"];
    EXPECT_EQ(texts.at(item["id"].get<std::string>()), text);
  }
}

INSTANTIATE_TEST_SUITE_P(All, OpenResponses, testing::ValuesIn(kAsked),
                         [](const auto& tested) { return tested.param.name; });

TEST(OpenResponsesFailure, EndsTheStreamWithAWholeResponse) {
  const TestServer server(
      chat::answers_with({.text = "Hel", .error = Error{ErrorCode::Internal, "no memory"}}));
  const auto events = events_of(ask(server, body({}, R"(, "stream": true)")).body);
  for (const Json& event : events) expect_event(event);
  EXPECT_EQ(events.back()["type"], "response.failed");
  expect_fields(events.back()["response"]["error"], {{"code", "s"}, {"message", "s"}});
}

// Turns as clients send them back: an easy message, one with a phase, reasoning, a call and its
// output.
TEST(OpenResponsesInput, TakesBackWhatItGave) {
  const TestServer server;
  const HttpReply reply = ask(server, R"({"model": "tiny", "input": [
      {"role": "system", "content": "Be brief."},
      {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Weather?"}]},
      {"type": "reasoning", "id": "rs_1", "summary": [], "content": [{"type": "reasoning_text", "text": "Ask."}]},
      {"type": "message", "role": "assistant", "phase": "commentary", "content": "I ask."},
      {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": "{}"},
      {"type": "function_call_output", "call_id": "c1", "output": "Rain."},
      {"type": "message", "role": "assistant", "id": "msg_1", "status": "completed",
       "content": [{"type": "output_text", "text": "It rains.", "annotations": [], "logprobs": []}]},
      {"type": "message", "role": "user", "content": "Thanks."}]})");
  ASSERT_EQ(reply.status, 200) << reply.body;
  std::vector<chat::Role> roles;
  const chat::Request request = server.backend->requests().at(0);
  for (const chat::Message& message : request.messages) roles.push_back(message.role);
  using enum chat::Role;
  EXPECT_THAT(roles, ElementsAre(System, User, Assistant, Tool, Assistant, User));
}

}  // namespace
}  // namespace melete::server
