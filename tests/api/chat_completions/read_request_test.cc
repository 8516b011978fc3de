// A Chat Completions request becomes a chat::Request, field by field.

#include "api/chat_completions/read_request.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace melete::api::chat_completions {
namespace {

// Reads a request with one user message and `fields` (JSON text) beside it.
ReadRequest read(const std::string& fields) {
  const std::string comma = fields.empty() ? "" : ", ";
  const auto result = read_request(fmt::format(
      R"({{"model": "tiny", "messages": [{{"role": "user", "content": "Hello"}}]{}{}}})", comma,
      fields));
  EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message);
  return result.value_or(ReadRequest{});
}

TEST(ReadRequest, TheLeastRequestHasTheDefaults) {
  const ReadRequest least = read("");
  EXPECT_EQ(least.request.model, "tiny");
  ASSERT_EQ(least.request.messages.size(), 1u);
  EXPECT_EQ(least.request.messages[0].role, chat::Role::User);
  EXPECT_EQ(chat::text_of(least.request.messages[0]), "Hello");
  EXPECT_FALSE(least.stream);
  EXPECT_FALSE(least.request.effort);
  EXPECT_FALSE(least.request.sampling.temperature);
  EXPECT_FALSE(least.wish.output_tokens);
  EXPECT_EQ(chat::choice_count(least.request), 1);
}

TEST(ReadRequest, SamplingFields) {
  const chat::Sampling sampling =
      read(R"("temperature": 0.5, "top_p": 0.9, "top_k": 20, "min_p": 0.1, "presence_penalty": -2,
              "frequency_penalty": 2, "repeat_penalty": 1.1, "seed": 7, "stop": ["a", "b"],
              "logit_bias": {"15": -100, "16": 2.5}, "logprobs": true, "top_logprobs": 3)")
          .request.sampling;
  EXPECT_EQ(sampling.temperature, 0.5);
  EXPECT_EQ(sampling.top_p, 0.9);
  EXPECT_EQ(sampling.top_k, 20);
  EXPECT_EQ(sampling.min_p, 0.1);
  EXPECT_EQ(sampling.presence_penalty, -2);
  EXPECT_EQ(sampling.frequency_penalty, 2);
  EXPECT_EQ(sampling.repeat_penalty, 1.1);
  EXPECT_EQ(sampling.seed, 7u);
  EXPECT_EQ(sampling.stop, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(sampling.logit_bias, (std::map<int, double>{{15, -100}, {16, 2.5}}));
  EXPECT_EQ(sampling.top_logprobs, 3);
}

TEST(ReadRequest, NullIsTheSameAsAbsent) {
  const ReadRequest nulls = read(
      R"("temperature": null, "stop": null, "stream": null, "tools": null, "tool_choice": null,
         "response_format": null, "max_tokens": null, "n": null, "melete": null, "functions": null)");
  EXPECT_FALSE(nulls.request.sampling.temperature);
  EXPECT_TRUE(nulls.request.sampling.stop.empty());
  EXPECT_FALSE(nulls.stream);
}

TEST(ReadRequest, StopMayBeOneText) {
  EXPECT_EQ(read(R"("stop": "END")").request.sampling.stop, std::vector<std::string>{"END"});
}

TEST(ReadRequest, LogprobsWithoutRivals) {
  EXPECT_EQ(read(R"("logprobs": true)").request.sampling.top_logprobs, 0);
  EXPECT_FALSE(read(R"("logprobs": false)").request.sampling.top_logprobs);
}

TEST(ReadRequest, AnySixtyFourBitSeedIsTakenAndKeptApart) {
  const auto large = read(R"("seed": 9007199254740993)").request.sampling.seed;
  const auto negative = read(R"("seed": -1)").request.sampling.seed;
  ASSERT_TRUE(large && negative);
  EXPECT_NE(*large, *negative);
}

TEST(ReadRequest, SeveralChoicesAreBranchesOfOnePrompt) {
  const ReadRequest four = read(R"("n": 4)");
  EXPECT_EQ(chat::choice_count(four.request), 4);
  EXPECT_TRUE(read(R"("n": 1)").request.branches.empty());
}

TEST(ReadRequest, BothNamesOfTheOutputLimit) {
  EXPECT_EQ(read(R"("max_tokens": 100)").wish.output_tokens, 100);
  EXPECT_EQ(read(R"("max_completion_tokens": 100)").wish.output_tokens, 100);
  EXPECT_EQ(read(R"("max_tokens": 5, "max_completion_tokens": 5)").wish.output_tokens, 5);
}

TEST(ReadRequest, Streaming) {
  const ReadRequest streamed = read(R"("stream": true, "stream_options": {"include_usage": true})");
  EXPECT_TRUE(streamed.stream);
  EXPECT_TRUE(streamed.include_usage);
  EXPECT_FALSE(streamed.events);
}

TEST(ReadRequest, ToolsAndTheChoiceAmongThem) {
  const std::string tools =
      R"("tools": [{"type": "function", "function": {"name": "add", "description": "Adds.",
         "parameters": {"type": "object", "properties": {"a": {"type": "number"}}}}},
         {"type": "function", "function": {"name": "now"}}], "parallel_tool_calls": false)";
  const chat::Request request =
      read(tools + R"(, "tool_choice": {"type": "function", "function": {"name": "now"}})").request;
  ASSERT_EQ(request.tools.size(), 2u);
  EXPECT_EQ(request.tools[0].name, "add");
  EXPECT_EQ(request.tools[0].description, "Adds.");
  EXPECT_EQ(request.tools[0].parameters["properties"]["a"]["type"], "number");
  EXPECT_EQ(request.tools[1].parameters["type"], "object");
  EXPECT_EQ(request.tool_choice.kind, chat::ToolChoice::Kind::Named);
  EXPECT_EQ(request.tool_choice.name, "now");
  EXPECT_FALSE(request.parallel_tools);

  const auto kind_of = [&](const std::string& choice) {
    return read(tools + R"(, "tool_choice": ")" + choice + "\"").request.tool_choice.kind;
  };
  EXPECT_EQ(kind_of("auto"), chat::ToolChoice::Kind::Auto);
  EXPECT_EQ(kind_of("none"), chat::ToolChoice::Kind::None);
  EXPECT_EQ(kind_of("required"), chat::ToolChoice::Kind::Required);
}

TEST(ReadRequest, ResponseFormats) {
  EXPECT_FALSE(read(R"("response_format": {"type": "text"})").request.schema);

  const auto any = read(R"("response_format": {"type": "json_object"})").request.schema;
  ASSERT_TRUE(any);
  EXPECT_TRUE(any->schema.is_object() && any->schema.empty());

  const auto schema = read(R"("response_format": {"type": "json_schema", "json_schema": {
      "name": "city", "strict": false, "schema": {"type": "object", "required": ["name"]}}})")
                          .request.schema;
  ASSERT_TRUE(schema);
  EXPECT_EQ(schema->name, "city");
  EXPECT_EQ(schema->schema["required"][0], "name");
  EXPECT_FALSE(schema->strict);
}

TEST(ReadRequest, EveryEffort) {
  for (const std::string effort : {"none", "minimal", "low", "medium", "high", "xhigh"}) {
    const auto read_effort =
        read(fmt::format(R"("reasoning_effort": "{}")", effort)).request.effort;
    ASSERT_TRUE(read_effort);
    EXPECT_EQ(chat::name_of(*read_effort), effort);
  }
}

TEST(ReadRequest, TheMeleteObject) {
  const ReadRequest all = read(R"("melete": {"mode": "contemplating", "effort": "low", "agents": 5,
      "strategy": "vote", "reasoning_tokens": 300, "deadline_ms": 1500, "events": true,
      "ignore_eos": true})");
  EXPECT_EQ(all.wish.from_body, chat::Mode::Contemplating);
  EXPECT_EQ(all.request.effort, chat::Effort::Low);
  EXPECT_EQ(all.request.agents, 5);
  EXPECT_EQ(all.request.strategy, "vote");
  EXPECT_EQ(all.wish.reasoning_tokens, 300);
  EXPECT_EQ(all.request.limits.deadline, std::chrono::milliseconds(1500));
  EXPECT_TRUE(all.events);
  EXPECT_TRUE(all.request.sampling.ignore_eos);
}

TEST(ReadRequest, AgentsMayBeLeftToTheServer) {
  EXPECT_EQ(read(R"("melete": {"agents": "auto"})").request.agents, 0);
  EXPECT_EQ(read(R"("melete": {"compression": "strong"})").request.compression,
            chat::Compression::Strong);
  EXPECT_EQ(read(R"("melete": {"fold": 64})").request.fold_tokens, 64);
  EXPECT_EQ(read(R"("melete": {"fold": true})").request.fold_tokens, 256);
  EXPECT_EQ(read(R"("melete": {"fold": false})").request.fold_tokens, 0);
  EXPECT_EQ(read(R"("melete": {})").request.agents, 0);
}

TEST(ReadRequest, HintsAndModelsOfAgents) {
  const chat::Request request =
      read(R"("melete": {"hints": ["Work backwards.", "Draw."], "models": ["a", "b"]})").request;
  EXPECT_EQ(request.hints, (std::vector<std::string>{"Work backwards.", "Draw."}));
  EXPECT_EQ(request.models, (std::vector<std::string>{"a", "b"}));
}

TEST(ReadRequest, EveryCheck) {
  const auto check = [](const std::string& fields) {
    return *read(R"("melete": {"verify": )" + fields + "}").request.verifier;
  };
  EXPECT_EQ(std::get<chat::MatchesPattern>(check(R"({"pattern": "^a"})")).pattern, "^a");
  EXPECT_EQ(std::get<chat::EqualsValue>(check(R"({"equals": "Paris"})")).value, "Paris");
  const auto value = std::get<chat::EqualsValue>(check(R"({"equals": 42, "tolerance": 0.5})"));
  EXPECT_EQ(value.value, "42");
  EXPECT_EQ(value.tolerance, 0.5);
  EXPECT_FALSE(std::get<chat::FitsSchema>(check(R"({"schema": true})")).schema);
  const auto fits = std::get<chat::FitsSchema>(check(R"({"schema": {"type": "null"}})"));
  EXPECT_EQ(fits.schema.value()["type"], "null");
}

TEST(ReadRequest, WhoAsks) {
  const chat::Caller caller =
      read(R"("user": "ada", "prompt_cache_key": "talk-1", "metadata": {"a": "b"}, "store": false)")
          .request.caller;
  EXPECT_EQ(caller.user, "ada");
  EXPECT_EQ(caller.conversation, "talk-1");
}

}  // namespace
}  // namespace melete::api::chat_completions
