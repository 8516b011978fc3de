// Chat templates of the families people bring, without weights: tests/engine/templates/*.txt.

#include "engine/chat_template.h"

#include <gtest/gtest.h>

#include <mtmd.h>

#include <cctype>
#include <sstream>

#include "base/json.h"
#include "engine/answer_reader.h"
#include "engine/template_case.h"

namespace melete::engine {
namespace {

struct Answer {
  std::string reasoning;
  std::string text;
  std::vector<std::string> calls;  // name, a space, arguments
  int reasoning_tokens = 0;
  int answer_tokens = 0;
};

void add(Answer& answer, const std::vector<AnswerReader::Delta>& deltas) {
  for (const AnswerReader::Delta& delta : deltas) {
    if (const auto* reasoning = std::get_if<chat::ReasoningDelta>(&delta.payload)) {
      answer.reasoning += reasoning->text;
      answer.reasoning_tokens += delta.tokens;
      continue;
    }
    answer.answer_tokens += delta.tokens;
    if (const auto* text = std::get_if<chat::TextDelta>(&delta.payload)) answer.text += text->text;
    if (const auto* call = std::get_if<chat::ToolCall>(&delta.payload)) {
      EXPECT_FALSE(call->id.empty());
      answer.calls.push_back(call->name + " " + call->arguments);
    }
  }
}

Answer read(const AnswerFormat& format, const std::vector<std::string>& pieces) {
  AnswerReader reader(format, {});
  Answer answer;
  for (const std::string& piece : pieces) add(answer, reader.feed(piece));
  add(answer, reader.finish());
  return answer;
}

std::vector<std::string> bytes_of(const std::vector<std::string>& pieces) {
  std::vector<std::string> bytes;
  for (const std::string& piece : pieces) {
    for (const char byte : piece) bytes.emplace_back(1, byte);
  }
  return bytes;
}

std::string text_of(const TemplateCase& test, const std::string& key) {
  return test.has(key) ? std::string(Json::parse(test.value(key))) : "";
}

std::vector<std::string> calls_of(const TemplateCase& test) {
  std::vector<std::string> calls;
  for (const auto& [key, value] : test.lines) {
    if (key == "call") calls.push_back(value);
  }
  return calls;
}

void check_prompt(const TemplateCase& test, const RenderedPrompt& prompt) {
  for (const auto& [key, value] : test.lines) {
    if (key == "prompt") {
      EXPECT_EQ(prompt.text, std::string(Json::parse(value)));
    } else if (key == "prompt ends") {
      const std::string end = Json::parse(value);
      EXPECT_TRUE(prompt.text.ends_with(end)) << prompt.text << "\nends not with\n" << end;
    } else if (key == "prompt holds") {
      const std::string part = Json::parse(value);
      EXPECT_NE(prompt.text.find(part), std::string::npos) << prompt.text << "\nholds not\n"
                                                           << part;
    }
  }
}

void check_answer(const TemplateCase& test, const RenderedPrompt& prompt) {
  if (!test.has("writes")) return;
  const std::vector<std::string> pieces = Json::parse(test.value("writes"));
  for (const auto& written : {pieces, bytes_of(pieces)}) {
    const Answer answer = read(prompt.format, written);
    EXPECT_EQ(answer.reasoning, text_of(test, "reasoning"));
    EXPECT_EQ(answer.text, text_of(test, "text"));
    EXPECT_EQ(answer.calls, calls_of(test));
    EXPECT_EQ(answer.reasoning_tokens + answer.answer_tokens, static_cast<int>(written.size()));
  }
  if (!test.has("tokens")) return;
  const Answer answer = read(prompt.format, pieces);
  std::ostringstream tokens;
  tokens << answer.reasoning_tokens << ' ' << answer.answer_tokens;
  EXPECT_EQ(tokens.str(), test.value("tokens"));
}

class TemplateCases : public testing::TestWithParam<TemplateCase> {};

TEST_P(TemplateCases, Holds) {
  const TemplateCase& test = GetParam();
  SCOPED_TRACE(test.file + ": " + test.value("name"));
  const auto chat_template =
      ChatTemplate::from_source({read_template(test.value("template")), "", ""});
  ASSERT_TRUE(chat_template) << chat_template.error().message;
  if (test.has("native")) {
    EXPECT_EQ((*chat_template)->native_reasoning(), test.value("native") == "yes");
  }
  if (!test.has("request")) return;
  const Result<RenderedPrompt> prompt =
      (*chat_template)->render(request_of(test.value("request")), {});
  if (test.has("error")) {
    ASSERT_FALSE(prompt);
    EXPECT_NE(prompt.error().message.find(test.value("error")), std::string::npos)
        << prompt.error().message;
    return;
  }
  ASSERT_TRUE(prompt) << prompt.error().message;
  check_prompt(test, *prompt);
  check_answer(test, *prompt);
  if (test.has("closing")) {
    EXPECT_EQ(prompt->format.closing_text, text_of(test, "closing"));
  }
  if (test.has("media")) {
    EXPECT_EQ(std::to_string(prompt->media.size()), test.value("media"));
  }
}

std::string test_name(const testing::TestParamInfo<TemplateCase>& info) {
  std::string name = info.param.file + "_" + info.param.value("name");
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Templates, TemplateCases, testing::ValuesIn(read_template_cases()),
                         test_name);

TEST(ChatTemplate, RefusesATemplateThatIsBroken) {
  const auto broken = ChatTemplate::from_source({"{% for message in %}", "", ""});
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, ErrorCode::Unsupported);
}

TEST(ChatTemplate, ABranchAddsItsOwnMessages) {
  const auto chat_template = ChatTemplate::from_source({"", "", ""});
  ASSERT_TRUE(chat_template);
  const chat::Request request = request_of(R"({"messages": [{"user": "Hello"}]})");
  const auto prompt =
      (*chat_template)->render(request, {chat::text_message(chat::Role::User, "Be brief.")});
  ASSERT_TRUE(prompt);
  EXPECT_EQ(prompt->text,
            "<|im_start|>user\nHello<|im_end|>\n<|im_start|>user\nBe brief.<|im_end|>\n"
            "<|im_start|>assistant\n");
}

TEST(ChatTemplate, TextCannotPassForAPicture) {
  const auto chat_template = ChatTemplate::from_source({"", "", ""});
  ASSERT_TRUE(chat_template);
  const std::string marker = mtmd_default_marker();
  chat::Request request = request_of(R"({"messages": [{"user": "look", "image": true}]})");
  request.messages.push_back(chat::text_message(chat::Role::User, "and " + marker));
  const auto prompt = (*chat_template)->render(request, {});
  ASSERT_TRUE(prompt);
  ASSERT_EQ(prompt->media.size(), 1U);
  const size_t first = prompt->text.find(marker);
  EXPECT_NE(first, std::string::npos);
  EXPECT_EQ(prompt->text.find(marker, first + 1), std::string::npos);
}

// llama.cpp's converter would not come to an end with these, or only by the end of its stack.
TEST(ChatTemplate, ASchemaWithoutEndIsRefused) {
  const auto chat_template = ChatTemplate::from_source({"", "", ""});
  ASSERT_TRUE(chat_template);
  std::string doubled = "{}";
  for (int i = 0; i < 60; ++i) {
    doubled.insert(0, R"({"type": ["object", "object"], "properties": {"a": )").append("}}");
  }
  Json wide{{"type", "object"}};
  for (int i = 0; i < 3000; ++i) wide["properties"]["p" + std::to_string(i)] = Json::object();
  const Json long_name{{"properties", {{std::string(1'000'000, '_'), Json::object()}}}};
  for (const std::string& schema :
       {std::string(R"({"$defs": {"n": {"type": "object", "properties":
                        {"next": {"allOf": [{"$ref": "#/$defs/n"}]}}}}, "$ref": "#/$defs/n"})"),
        std::string(R"({"$defs": {"a": {"$ref": "#/$defs/a"}}, "allOf": [{"$ref": "#/$defs/a"}]})"),
        std::string(R"({"$defs": {"a~1b": {"allOf": [{"$ref": "#/$defs/a~1b"}]}},
                        "$ref": "#/$defs/a~1b"})"),
        write_json(Json{{"type", std::vector<std::string>(100'000, "string")}}), doubled,
        write_json(wide), write_json(long_name)}) {
    chat::Request request = request_of(R"({"messages": [{"user": "x"}]})");
    request.schema = chat::Schema{"answer", Json::parse(schema), true};
    const auto prompt = (*chat_template)->render(request, {});
    ASSERT_FALSE(prompt) << schema.substr(0, 200);
    EXPECT_EQ(prompt.error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(prompt.error().parameter, "response_format");
  }
}

TEST(ChatTemplate, ASchemaThatRefersToItselfIsTaken) {
  const auto chat_template = ChatTemplate::from_source({"", "", ""});
  ASSERT_TRUE(chat_template);
  chat::Request request = request_of(R"({"messages": [{"user": "x"}]})");
  request.schema =
      chat::Schema{"answer", Json::parse(R"({"$defs": {"n": {"type": "object", "properties":
                {"next": {"anyOf": [{"$ref": "#/$defs/n"}, {"type": "null"}]}}}}, "$ref": "#/$defs/n"})"),
                   true};
  const auto prompt = (*chat_template)->render(request, {});
  EXPECT_TRUE(prompt) << prompt.error().message;
}

}  // namespace
}  // namespace melete::engine
