// Every wrong field is refused with its name as the caller spells it: one line of the table for
// each.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/chat_completions/read_request.h"

namespace melete::api::chat_completions {
namespace {

struct Refusal {
  std::string body;       // JSON; without "messages" one user message is added
  std::string parameter;  // the field to blame
  ErrorCode code = ErrorCode::InvalidArgument;
};

void PrintTo(const Refusal& refusal, std::ostream* out) {
  *out << refusal.body;
}

std::string whole(const std::string& body) {
  if (body.find("\"messages\"") != std::string::npos) return "{" + body + "}";
  return R"({"messages": [{"role": "user", "content": "Hi"}], )" + body + "}";
}

class ReadRefusals : public testing::TestWithParam<Refusal> {};

TEST_P(ReadRefusals, NameTheField) {
  const Refusal& refusal = GetParam();
  const auto result = read_request(whole(refusal.body));
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().parameter, refusal.parameter) << result.error().message;
  EXPECT_EQ(name_of(result.error().code), name_of(refusal.code));
  EXPECT_FALSE(result.error().message.empty());
}

constexpr ErrorCode kUnsupported = ErrorCode::Unsupported;

INSTANTIATE_TEST_SUITE_P(
    Sampling, ReadRefusals,
    testing::Values(
        Refusal{R"("temperature": -0.1)", "temperature"},
        Refusal{R"("temperature": 2.1)", "temperature"},
        Refusal{R"("temperature": "hot")", "temperature"},
        Refusal{R"("temperature": true)", "temperature"}, Refusal{R"("top_p": 1.5)", "top_p"},
        Refusal{R"("top_k": -1)", "top_k"}, Refusal{R"("top_k": 1.5)", "top_k"},
        Refusal{R"("min_p": 2)", "min_p"}, Refusal{R"("presence_penalty": 3)", "presence_penalty"},
        Refusal{R"("frequency_penalty": -3)", "frequency_penalty"},
        Refusal{R"("repeat_penalty": 0)", "repeat_penalty"}, Refusal{R"("seed": 1.5)", "seed"},
        Refusal{R"("seed": 18446744073709551615)", "seed"}, Refusal{R"("stop": "")", "stop"},
        Refusal{R"("stop": 5)", "stop"}, Refusal{R"("stop": ["a", 5])", "stop[1]"},
        Refusal{R"("stop": ["a", ""])", "stop[1]"},
        Refusal{
            R"("stop": ["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17"])",
            "stop"},
        Refusal{R"("logit_bias": [1])", "logit_bias"},
        Refusal{R"("logit_bias": {"cat": 1})", "logit_bias.cat"},
        Refusal{R"("logit_bias": {"-5": 1})", "logit_bias.-5"},
        Refusal{R"("logit_bias": {"5": 101})", "logit_bias.5"},
        Refusal{R"("logprobs": 5)", "logprobs"}, Refusal{R"("top_logprobs": 3)", "top_logprobs"},
        Refusal{R"("logprobs": true, "top_logprobs": 21)", "top_logprobs"}));

INSTANTIATE_TEST_SUITE_P(
    Limits, ReadRefusals,
    testing::Values(
        Refusal{R"("max_tokens": 0)", "max_tokens"}, Refusal{R"("max_tokens": -1)", "max_tokens"},
        Refusal{R"("max_tokens": 1000000000000000000)", "max_tokens"},
        Refusal{R"("max_tokens": 1e300)", "max_tokens"},
        Refusal{R"("max_tokens": 99999999999999999999999)", "max_tokens"},
        Refusal{R"("max_tokens": "many")", "max_tokens"},
        Refusal{R"("max_completion_tokens": 0)", "max_completion_tokens"},
        Refusal{R"("max_tokens": 1, "max_completion_tokens": 2)", "max_completion_tokens"},
        Refusal{R"("n": 0)", "n"}, Refusal{R"("n": 129)", "n"}, Refusal{R"("n": "2")", "n"},
        Refusal{R"("model": 5)", "model"}, Refusal{R"("stream": "yes")", "stream"},
        Refusal{R"("stream_options": {})", "stream_options"},
        Refusal{R"("stream": true, "stream_options": {"include_usage": 1})",
                "stream_options.include_usage"},
        Refusal{R"("reasoning_effort": "max")", "reasoning_effort"},
        Refusal{R"("reasoning_effort": 3)", "reasoning_effort"}, Refusal{R"("user": 5)", "user"},
        Refusal{R"("metadata": "x")", "metadata"}));

INSTANTIATE_TEST_SUITE_P(
    Melete, ReadRefusals,
    testing::Values(
        Refusal{R"("melete": "fast")", "melete"},
        Refusal{R"("melete": {"mode": "deep"})", "melete.mode"},
        Refusal{R"("melete": {"effort": "max"})", "melete.effort"},
        Refusal{R"("melete": {"effort": "low"}, "reasoning_effort": "high")", "melete.effort"},
        Refusal{R"("melete": {"agents": 0})", "melete.agents"},
        Refusal{R"("melete": {"agents": 65})", "melete.agents"},
        Refusal{R"("melete": {"fold": 31})", "melete.fold"},
        Refusal{R"("melete": {"compression": "huge"})", "melete.compression"},
        Refusal{R"("melete": {"fold": "often"})", "melete.fold"},
        Refusal{R"("melete": {"agents": 1000})", "melete.agents"},
        Refusal{R"("melete": {"agents": "many"})", "melete.agents"},
        Refusal{R"("melete": {"hints": "Think."})", "melete.hints"},
        Refusal{R"("melete": {"hints": ["a", ""]})", "melete.hints[1]"},
        Refusal{R"("melete": {"models": [7]})", "melete.models[0]"},
        Refusal{R"("melete": {"verify": "42"})", "melete.verify"},
        Refusal{R"("melete": {"verify": {}})", "melete.verify.pattern"},
        Refusal{R"("melete": {"verify": {"pattern": ""}})", "melete.verify.pattern"},
        Refusal{R"("melete": {"verify": {"regex": "a"}})", "melete.verify"},
        Refusal{R"("melete": {"verify": {"pattern": "a", "equals": 1}})", "melete.verify"},
        Refusal{R"("melete": {"verify": {"pattern": "a", "tolerance": 1}})", "melete.verify"},
        Refusal{R"("melete": {"verify": {"schema": false}})", "melete.verify.schema"},
        Refusal{R"("melete": {"verify": {"equals": []}})", "melete.verify.equals"},
        Refusal{R"("melete": {"verify": {"equals": 1, "tolerance": -1}})",
                "melete.verify.tolerance"},
        Refusal{R"("melete": {"reasoning_tokens": -1})", "melete.reasoning_tokens"},
        Refusal{R"("melete": {"deadline_ms": 0})", "melete.deadline_ms"},
        Refusal{R"("melete": {"events": "on"})", "melete.events"},
        Refusal{R"("melete": {"agent": 3})", "melete.agent"}));

INSTANTIATE_TEST_SUITE_P(
    Tools, ReadRefusals,
    testing::Values(
        Refusal{R"("tools": {})", "tools"}, Refusal{R"("tools": [1])", "tools[0]"},
        Refusal{R"("tools": [{}])", "tools[0].type"},
        Refusal{R"("tools": [{"type": "custom"}])", "tools[0].type", kUnsupported},
        Refusal{R"("tools": [{"type": "function"}])", "tools[0].function"},
        Refusal{R"("tools": [{"type": "function", "function": {}}])", "tools[0].function.name"},
        Refusal{R"("tools": [{"type": "function", "function": {"name": "a b"}}])",
                "tools[0].function.name"},
        Refusal{R"("tools": [{"type": "function", "function": {"name": "a", "parameters": 5}}])",
                "tools[0].function.parameters"},
        Refusal{R"("tools": [{"type": "function", "function": {"name": "a"}},
                             {"type": "function", "function": {"name": "a"}}])",
                "tools[1].function.name"},
        Refusal{R"("tool_choice": "maybe")", "tool_choice"},
        Refusal{R"("tool_choice": "required")", "tool_choice"},
        Refusal{R"("tool_choice": 5)", "tool_choice"},
        Refusal{R"("tool_choice": {"type": "function", "function": {"name": "b"}})",
                "tool_choice.function.name"},
        Refusal{R"("tool_choice": {"type": "allowed_tools"})", "tool_choice.type", kUnsupported},
        Refusal{R"("parallel_tool_calls": 1)", "parallel_tool_calls"},
        Refusal{R"("response_format": "json")", "response_format"},
        Refusal{R"("response_format": {"type": "xml"})", "response_format.type"},
        Refusal{R"("response_format": {"type": "json_schema"})", "response_format.json_schema"},
        Refusal{R"("response_format": {"type": "json_schema", "json_schema": {"name": "a"}})",
                "response_format.json_schema.schema"}));

INSTANTIATE_TEST_SUITE_P(
    Fields, ReadRefusals,
    testing::Values(Refusal{R"("functions": [])", "functions", kUnsupported},
                    Refusal{R"("function_call": "auto")", "function_call", kUnsupported},
                    Refusal{R"("audio": {})", "audio", kUnsupported},
                    Refusal{R"("prediction": {})", "prediction", kUnsupported},
                    Refusal{R"("web_search_options": {})", "web_search_options", kUnsupported},
                    Refusal{R"("store": true)", "store", kUnsupported},
                    Refusal{R"("service_tier": "priority")", "service_tier", kUnsupported},
                    Refusal{R"("verbosity": "high")", "verbosity", kUnsupported},
                    Refusal{R"("modalities": ["text", "audio"])", "modalities", kUnsupported},
                    Refusal{R"("max_token": 5)", "max_token"}));

INSTANTIATE_TEST_SUITE_P(
    Messages, ReadRefusals,
    testing::Values(
        Refusal{R"("messages": [])", "messages"}, Refusal{R"("messages": "Hi")", "messages"},
        Refusal{R"("messages": null)", "messages"}, Refusal{R"("messages": ["Hi"])", "messages[0]"},
        Refusal{R"("messages": [{}])", "messages[0].role"},
        Refusal{R"("messages": [{"role": "robot", "content": "x"}])", "messages[0].role"},
        Refusal{R"("messages": [{"role": "user"}])", "messages[0].content"},
        Refusal{R"("messages": [{"role": "user", "content": 5}])", "messages[0].content"},
        Refusal{R"("messages": [{"role": "user", "content": ["x"]}])", "messages[0].content[0]"},
        Refusal{R"("messages": [{"role": "user", "content": [{"type": "video"}]}])",
                "messages[0].content[0].type"},
        Refusal{R"("messages": [{"role": "user", "content": [{"type": "file"}]}])",
                "messages[0].content[0].type", kUnsupported},
        Refusal{R"("messages": [{"role": "user", "content": [{"type": "text"}]}])",
                "messages[0].content[0].text"},
        Refusal{R"("messages": [{"role": "user", "content": [{"type": "image_url"}]}])",
                "messages[0].content[0].image_url"},
        Refusal{R"("messages": [{"role": "user", "content": [{"type": "text", "text": "x"}, {"type":
                "image_url", "image_url": {"url": "http://example.org/a.png"}}]}])",
                "messages[0].content[1].image_url.url", kUnsupported},
        Refusal{R"("messages": [{"role": "user", "content": [{"type": "image_url",
                "image_url": {"url": "data:image/png;base64,@@@@"}}]}])",
                "messages[0].content[0].image_url.url"},
        Refusal{R"("messages": [{"role": "user", "content": [{"type": "image_url",
                "image_url": {"url": "data:image/png,abc"}}]}])",
                "messages[0].content[0].image_url.url"},
        Refusal{R"("messages": [{"role": "user", "content": [{"type": "input_audio",
                "input_audio": {"data": "AAAA", "format": "ogg"}}]}])",
                "messages[0].content[0].input_audio.format"},
        Refusal{R"("messages": [{"role": "system", "content": [{"type": "image_url",
                "image_url": {"url": "data:image/png;base64,AAAA"}}]}])",
                "messages[0].content[0].type"},
        Refusal{R"("messages": [{"role": "assistant"}])", "messages[0].content"},
        Refusal{R"("messages": [{"role": "assistant", "tool_calls": [{"id": "a"}]}])",
                "messages[0].tool_calls[0].function"},
        Refusal{R"("messages": [{"role": "assistant", "function_call": {}}])",
                "messages[0].function_call", kUnsupported},
        Refusal{R"("messages": [{"role": "tool", "content": "4"}])", "messages[0].tool_call_id"},
        Refusal{R"("messages": [{"role": "tool", "tool_call_id": "a", "content": "4"}])",
                "messages[0].tool_call_id"}));

TEST(ReadBody, BrokenJsonTellsTheByte) {
  const auto result = read_request(R"({"messages": [)");
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, testing::HasSubstr("byte 15"));
}

TEST(ReadBody, InvalidUtf8IsRefused) {
  const auto result = read_request("{\"model\": \"a\xff\"}");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::InvalidArgument);
  EXPECT_THAT(result.error().message, testing::HasSubstr("byte 13"));
}

TEST(ReadBody, NumbersBeyondDoubleAreRefused) {
  EXPECT_FALSE(read_request(R"({"messages": [], "temperature": 1e999})"));
}

TEST(ReadBody, DeepJsonIsRefused) {
  const std::string deep(10'000, '[');
  const auto result = read_request("{\"messages\": " + deep);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::InvalidArgument);
}

TEST(ReadBody, OtherThanAnObjectIsRefused) {
  for (const char* body : {"[]", "5", "null", "\"messages\"", ""}) {
    EXPECT_FALSE(read_request(body)) << body;
  }
}

}  // namespace
}  // namespace melete::api::chat_completions
