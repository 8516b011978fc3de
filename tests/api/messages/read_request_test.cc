// A Messages request becomes ours; what cannot be honoured is refused with its field.

#include "api/messages/read_request.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/messages/call.h"
#include "api/tiny_router.h"

namespace melete::api::messages {
namespace {

using testing::ElementsAre;

// A request with `more` beside a question.
Result<ReadRequest> read(const std::string& more, Purpose purpose = Purpose::Answer) {
  const std::string comma = more.empty() ? "" : ", ";
  return read_request(
      R"({"model": "tiny", "max_tokens": 100, "messages": [{"role": "user", "content": "Hi"}])" +
          comma + more + "}",
      purpose);
}

// The field to blame; "none" where all is well.
std::string blamed(const Result<ReadRequest>& read) {
  return read ? "none" : read.error().parameter;
}

TEST(MessagesRequest, IsReadWithItsDefaults) {
  const auto request = read("");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->request.model, "tiny");
  EXPECT_EQ(request->request.messages.size(), 1u);
  EXPECT_EQ(request->wish.output_tokens, 100);
  EXPECT_FALSE(request->wish.from_body);
  EXPECT_FALSE(request->stream);
}

TEST(MessagesRequest, SamplesAsItIsTold) {
  const auto request = read(R"("temperature": 0.5, "top_p": 0.9, "top_k": 20, "seed": 7,
                              "stop_sequences": ["END", "\n\n"], "stream": true,
                              "metadata": {"user_id": "ann"})");
  ASSERT_TRUE(request) << request.error().message;
  const chat::Sampling& sampling = request->request.sampling;
  EXPECT_EQ(sampling.temperature, 0.5);
  EXPECT_EQ(sampling.top_p, 0.9);
  EXPECT_EQ(sampling.top_k, 20);
  EXPECT_EQ(sampling.seed, 7u);
  EXPECT_THAT(sampling.stop, ElementsAre("END", "\n\n"));
  EXPECT_TRUE(request->stream);
  EXPECT_EQ(request->request.caller.user, "ann");
}

TEST(MessagesRequest, ThinksWhenAsked) {
  const auto enabled = read(R"("thinking": {"type": "enabled", "budget_tokens": 60})");
  EXPECT_EQ(enabled->wish.from_body, chat::Mode::Thinking);
  EXPECT_EQ(enabled->wish.reasoning_tokens, 60);
  const auto adaptive =
      read(R"("thinking": {"type": "adaptive"}, "output_config": {"effort": "max"})");
  EXPECT_EQ(adaptive->wish.from_body, chat::Mode::Thinking);
  EXPECT_FALSE(adaptive->wish.reasoning_tokens);
  EXPECT_EQ(adaptive->request.effort, chat::Effort::XHigh);
  const auto disabled =
      read(R"("thinking": {"type": "disabled"}, "output_config": {"effort": "high"})");
  EXPECT_EQ(disabled->request.effort, chat::Effort::None);
}

TEST(MessagesRequest, ContemplatesWhenAsked) {
  const auto request = read(R"("melete": {"mode": "contemplating", "agents": 4, "events": true})");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->wish.from_body, chat::Mode::Contemplating);
  EXPECT_EQ(request->request.agents, 4);
  EXPECT_TRUE(request->events);
}

TEST(MessagesRequest, TakesToolsAndTheChoiceAmongThem) {
  const std::string tools =
      R"("tools": [{"name": "add", "description": "Adds.", "input_schema": {"type": "object"}}])";
  const auto any =
      read(tools + R"(, "tool_choice": {"type": "any", "disable_parallel_tool_use": true})");
  ASSERT_TRUE(any) << any.error().message;
  ASSERT_EQ(any->request.tools.size(), 1u);
  EXPECT_EQ(any->request.tools[0].name, "add");
  EXPECT_EQ(any->request.tool_choice.kind, chat::ToolChoice::Kind::Required);
  EXPECT_FALSE(any->request.parallel_tools);
  const auto named = read(tools + R"(, "tool_choice": {"type": "tool", "name": "add"})");
  EXPECT_EQ(named->request.tool_choice.name, "add");
  EXPECT_EQ(blamed(read(tools + R"(, "tool_choice": {"type": "tool", "name": "sub"})")),
            "tool_choice.name");
  EXPECT_EQ(blamed(read(R"("tool_choice": {"type": "any"})")), "tool_choice.type");
  EXPECT_EQ(blamed(read(R"("tools": [{"type": "bash_20250124", "name": "bash"}])")),
            "tools[0].type");
  EXPECT_EQ(blamed(read(R"("tools": [{"name": "add"}])")), "tools[0].input_schema");
}

TEST(MessagesRequest, TakesToolNamesAsLongAsAnthropicDoes) {
  const auto tool = [](size_t bytes) {
    return R"("tools": [{"input_schema": {}, "name": ")" + std::string(bytes, 'x') + R"("}])";
  };
  EXPECT_TRUE(read(tool(128)));
  EXPECT_EQ(blamed(read(tool(129))), "tools[0].name");
}

TEST(MessagesRequest, KeepsASchema) {
  for (const std::string field : {R"("output_config": {"format": {}})", R"("output_format": {})"}) {
    std::string text = field;
    text.replace(text.find("{}"), 2, R"({"type": "json_schema", "schema": {"type": "object"}})");
    const auto request = read(text);
    ASSERT_TRUE(request) << request.error().message;
    EXPECT_EQ(request->request.schema->schema["type"], "object");
  }
}

TEST(MessagesRequest, EndsWithTheBeginningOfTheAnswer) {
  const std::string turns =
      R"({"max_tokens": 9, "messages": [{"role": "user", "content": "Count."}, {"role": "assistant", "content": "One, "}])";
  const auto begun = read_request(turns + "}", Purpose::Answer);
  ASSERT_TRUE(begun) << begun.error().message;
  EXPECT_EQ(begun->request.prefill, "One, ");
  EXPECT_EQ(begun->request.messages.size(), 1u);
}

TEST(MessagesRequest, CannotBeThoughtAboutOnceTheAnswerIsBegun) {
  const gateway::Router router = tiny_router();
  const auto call = [&](const std::string& model, const std::string& fields) {
    return read_call(R"({"max_tokens": 9, "messages": [{"role": "user", "content": "Count."},
        {"role": "assistant", "content": "One, "}], "model": ")" +
                         model + "\"" + fields + "}",
                     {router});
  };
  const std::pair<std::string, std::string> thoughtful[] = {
      {"tiny", R"(, "thinking": {"type": "adaptive"})"},
      {"tiny", R"(, "melete": {"mode": "contemplating"})"},
      {"tiny:thinking", ""}};
  for (const auto& [model, fields] : thoughtful) {
    const auto thought = call(model, fields);
    ASSERT_FALSE(thought) << model << fields;
    EXPECT_EQ(thought.error().parameter, "messages");
  }
  const auto effort = call("tiny", R"(, "output_config": {"effort": "high"})");
  ASSERT_TRUE(effort) << effort.error().message;
  EXPECT_EQ(effort->request.mode, chat::Mode::Instant);
  EXPECT_EQ(effort->request.prefill, "One, ");
}

TEST(MessagesRequest, NeedsALimitForAnAnswerOnly) {
  const std::string body = R"({"messages": [{"role": "user", "content": "Hi"}]})";
  EXPECT_EQ(blamed(read_request(body, Purpose::Answer)), "max_tokens");
  EXPECT_TRUE(read_request(body, Purpose::Count));
}

TEST(MessagesRequest, IsRefusedByTheFieldToBlame) {
  const std::pair<std::string, std::string> cases[] = {
      {R"("temperature": 3)", "temperature"},
      {R"("temperature": "hot")", "temperature"},
      {R"("top_k": -1)", "top_k"},
      {R"("stop_sequences": "END")", "stop_sequences"},
      {R"("stop_sequences": [""])", "stop_sequences[0]"},
      {R"("stream": 1)", "stream"},
      {R"("thinking": {"type": "deeply"})", "thinking.type"},
      {R"("thinking": {"type": "enabled"})", "thinking.budget_tokens"},
      {R"("thinking": {"type": "enabled", "budget_tokens": 100})", "thinking.budget_tokens"},
      {R"("mcp_servers": [])", "mcp_servers"},
      {R"("container": "c")", "container"},
      {R"("context_management": {})", "context_management"},
      {R"("service_tier": "priority")", "service_tier"},
      {R"("max_token": 5)", "max_token"},
      {R"("melete": {"agents": 0})", "melete.agents"},
      {R"("system": [{"type": "image"}])", "system[0].type"},
      {R"("output_config": {"effort": "huge"})", "output_config.effort"},
  };
  for (const auto& [field, parameter] : cases) EXPECT_EQ(blamed(read(field)), parameter) << field;
  EXPECT_FALSE(read_request("[]", Purpose::Answer));
  EXPECT_FALSE(read_request("{", Purpose::Answer));
}

}  // namespace
}  // namespace melete::api::messages
