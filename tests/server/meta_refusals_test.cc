// What Meta's own API refuses with 400, as its users report it, and what reaches the model here:
// one line of the table for each field and dialect.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "server/dialects.h"
#include "server/test_server.h"

namespace melete::server {
namespace {

using chat::Effort;
using chat::Request;
using Kind = chat::ToolChoice::Kind;

struct Wish {
  std::string complaint;
  std::string path;
  std::string fields;
  bool (*granted)(const Request&);  // whether the model is asked for it
};

constexpr const char* kAdd = R"("tools": [{"type": "function", "function": {"name": "add"}}])";
constexpr const char* kFlatAdd = R"("tools": [{"type": "function", "name": "add"}])";
constexpr const char* kInputAdd =
    R"("tools": [{"name": "add", "input_schema": {"type": "object"}}])";
constexpr const char* kLooseSchema =
    R"({"type": "object", "properties": {"a": {"$ref": "#"}, "b": {"type": "string"}}})";

bool does_not_think(const Request& request) {
  return request.mode == chat::Mode::Instant;
}
bool stops(const Request& request) {
  return request.sampling.stop == std::vector<std::string>{"END"};
}
bool must_call(const Request& request) {
  return request.tool_choice.kind == Kind::Required;
}
bool must_call_add(const Request& request) {
  return request.tool_choice.kind == Kind::Named && request.tool_choice.name == "add";
}
bool must_not_call(const Request& request) {
  return request.tool_choice.kind == Kind::None;
}
bool thinks_most(const Request& request) {
  return request.effort == Effort::XHigh && request.mode == chat::Mode::Thinking;
}

const std::vector<Wish> kWishes = {
    {"EffortNone", kChat, R"("reasoning_effort": "none")", does_not_think},
    {"EffortNone", kResponses, R"("reasoning": {"effort": "none"})", does_not_think},
    {"EffortNone", kMessages, R"("thinking": {"type": "disabled"})", does_not_think},
    {"EffortHighest", kChat, R"("reasoning_effort": "xhigh")", thinks_most},
    {"EffortHighest", kResponses, R"("reasoning": {"effort": "xhigh"})", thinks_most},
    {"EffortHighest", kMessages, R"("output_config": {"effort": "max"})", thinks_most},
    {"Stop", kChat, R"("stop": "END")", stops},
    {"Stop", kResponses, R"("stop": ["END"])", stops},
    {"Stop", kMessages, R"("stop_sequences": ["END"])", stops},
    {"SeveralChoices", kChat, R"("n": 3)", [](const Request& r) { return r.branches.size() == 3; }},
    {"LogitBias", kChat, R"("logit_bias": {"5": -100})",
     [](const Request& r) { return r.sampling.logit_bias.at(5) == -100; }},
    {"Logprobs", kChat, R"("logprobs": true, "top_logprobs": 2)",
     [](const Request& r) { return r.sampling.top_logprobs == 2; }},
    {"Logprobs", kResponses, R"("include": ["message.output_text.logprobs"], "top_logprobs": 2)",
     [](const Request& r) { return r.sampling.top_logprobs == 2; }},
    {"TopK", kMessages, R"("top_k": 7)", [](const Request& r) { return r.sampling.top_k == 7; }},
    {"TemperatureBesideTopP", kChat, R"("temperature": 0.5, "top_p": 0.5)",
     [](const Request& r) { return r.sampling.temperature == 0.5 && r.sampling.top_p == 0.5; }},
    {"Seed", kChat, R"("seed": 7)", [](const Request& r) { return r.sampling.seed == 7u; }},
    {"ToolRequired", kChat, std::string(kAdd) + R"(, "tool_choice": "required")", must_call},
    {"ToolRequired", kResponses, std::string(kFlatAdd) + R"(, "tool_choice": "required")",
     must_call},
    {"ToolRequired", kMessages, std::string(kInputAdd) + R"(, "tool_choice": {"type": "any"})",
     must_call},
    {"ToolNamed", kChat,
     std::string(kAdd) + R"(, "tool_choice": {"type": "function", "function": {"name": "add"}})",
     must_call_add},
    {"ToolNamed", kResponses,
     std::string(kFlatAdd) + R"(, "tool_choice": {"type": "function", "name": "add"})",
     must_call_add},
    {"ToolNamed", kMessages,
     std::string(kInputAdd) + R"(, "tool_choice": {"type": "tool", "name": "add"})", must_call_add},
    {"ToolNone", kChat, std::string(kAdd) + R"(, "tool_choice": "none")", must_not_call},
    {"RecursiveSchemaWithOptionalFields", kChat,
     fmt::format(R"("response_format": {{"type": "json_schema", "json_schema":
                 {{"name": "tree", "strict": true, "schema": {}}}}})",
                 kLooseSchema),
     [](const Request& r) { return r.schema->schema == Json::parse(kLooseSchema); }},
    {"RecursiveSchemaWithOptionalFields", kResponses,
     fmt::format(R"("text": {{"format": {{"type": "json_schema", "name": "tree", "strict": true,
                 "schema": {}}}}})",
                 kLooseSchema),
     [](const Request& r) { return r.schema->schema == Json::parse(kLooseSchema); }},
    {"AnswerOfOneToken", kResponses, R"("max_output_tokens": 1)",
     [](const Request& r) { return r.limits.answer_tokens == 1; }},
};

class MetaRefuses : public testing::TestWithParam<Wish> {};

TEST_P(MetaRefuses, AndHereItReachesTheModel) {
  const TestServer server;
  const HttpReply reply =
      ask(server.port(), GetParam().path, question(GetParam().path, GetParam().fields));
  ASSERT_EQ(reply.status, 200) << reply.body;
  ASSERT_EQ(server.backend->requests().size(), 1u);
  EXPECT_TRUE(GetParam().granted(server.backend->requests()[0]));
}

std::string name_of_wish(const testing::TestParamInfo<Wish>& tested) {
  const std::string& path = tested.param.path;
  const char* dialect = path == kChat ? "Chat" : path == kResponses ? "Responses" : "Messages";
  return tested.param.complaint + dialect;
}

INSTANTIATE_TEST_SUITE_P(All, MetaRefuses, testing::ValuesIn(kWishes), name_of_wish);

}  // namespace
}  // namespace melete::server
