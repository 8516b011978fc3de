#include "server/open_responses_fields.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace melete::server {

namespace {

const Fields kResponse = {{"id", "s"},
                          {"object", "s"},
                          {"created_at", "i"},
                          {"completed_at", "i0"},
                          {"status", "s"},
                          {"incomplete_details", "o0"},
                          {"model", "s"},
                          {"previous_response_id", "s0"},
                          {"instructions", "s0"},
                          {"output", "a"},
                          {"error", "o0"},
                          {"tools", "a"},
                          {"tool_choice", "so"},
                          {"truncation", "s"},
                          {"parallel_tool_calls", "b"},
                          {"text", "o"},
                          {"top_p", "n"},
                          {"presence_penalty", "n"},
                          {"frequency_penalty", "n"},
                          {"top_logprobs", "i"},
                          {"temperature", "n"},
                          {"reasoning", "o0"},
                          {"usage", "o0"},
                          {"max_output_tokens", "i0"},
                          {"max_tool_calls", "i0"},
                          {"store", "b"},
                          {"background", "b"},
                          {"service_tier", "s"},
                          {"metadata", "o"},
                          {"safety_identifier", "s0"},
                          {"prompt_cache_key", "s0"}};

const Fields kUsage = {{"input_tokens", "i"},
                       {"input_tokens_details", "o"},
                       {"output_tokens", "i"},
                       {"output_tokens_details", "o"},
                       {"total_tokens", "i"}};

const Fields kTool = {
    {"type", "s"}, {"name", "s"}, {"description", "s0"}, {"parameters", "o0"}, {"strict", "b0"}};

const std::map<std::string, Fields> kItems = {
    {"message", {{"id", "s"}, {"status", "s"}, {"role", "s"}, {"content", "a"}}},
    {"function_call",
     {{"id", "s"}, {"status", "s"}, {"call_id", "s"}, {"name", "s"}, {"arguments", "s"}}},
    {"reasoning", {{"id", "s"}, {"summary", "a"}, {"content", "a?"}, {"encrypted_content", "s?"}}}};

const std::map<std::string, Fields> kParts = {
    {"output_text", {{"text", "s"}, {"annotations", "a"}, {"logprobs", "a?"}}},
    {"reasoning_text", {{"text", "s"}}}};

const Fields kOfResponse = {{"response", "o"}};
const Fields kOfItem = {{"output_index", "i"}, {"item", "o"}};
const Fields kOfPart = {
    {"item_id", "s"}, {"output_index", "i"}, {"content_index", "i"}, {"part", "o"}};
const Fields kDelta = {
    {"item_id", "s"}, {"output_index", "i"}, {"content_index", "i"}, {"delta", "s"}};
const Fields kDone = {
    {"item_id", "s"}, {"output_index", "i"}, {"content_index", "i"}, {"text", "s"}};
const Fields kCallDelta = {{"item_id", "s"}, {"output_index", "i"}, {"delta", "s"}};
const Fields kCallDone = {{"item_id", "s"}, {"output_index", "i"}, {"arguments", "s"}};

// Raw reasoning has OpenAI's names, which their clients read: Open Responses calls those events
// response.reasoning.delta and .done.
const std::map<std::string, Fields> kEvents = {
    {"response.created", kOfResponse},
    {"response.in_progress", kOfResponse},
    {"response.completed", kOfResponse},
    {"response.incomplete", kOfResponse},
    {"response.failed", kOfResponse},
    {"response.output_item.added", kOfItem},
    {"response.output_item.done", kOfItem},
    {"response.content_part.added", kOfPart},
    {"response.content_part.done", kOfPart},
    {"response.output_text.delta", kDelta},
    {"response.output_text.done", kDone},
    {"response.reasoning_text.delta", kDelta},
    {"response.reasoning_text.done", kDone},
    {"response.function_call_arguments.delta", kCallDelta},
    {"response.function_call_arguments.done", kCallDone}};

bool has_type(const Json& value, char type) {
  switch (type) {
    case 's':
      return value.is_string();
    case 'i':
      return value.is_number_integer();
    case 'n':
      return value.is_number();
    case 'b':
      return value.is_boolean();
    case 'a':
      return value.is_array();
    case 'o':
      return value.is_object();
    default:
      return type == '0' && value.is_null();
  }
}

}  // namespace

void expect_fields(const Json& object, const Fields& fields) {
  for (const auto& [name, types] : fields) {
    if (!object.contains(name)) {
      EXPECT_TRUE(types.ends_with('?')) << name << " is missing in " << object.dump();
      continue;
    }
    const auto fits = [&](char type) { return has_type(object[name], type); };
    EXPECT_TRUE(std::ranges::any_of(types, fits)) << name << " is " << object[name].dump();
  }
}

namespace {

void expect_part(const Json& part) {
  const auto fields = kParts.find(part.value("type", ""));
  ASSERT_NE(fields, kParts.end()) << part.dump();
  expect_fields(part, fields->second);
}

void expect_item(const Json& item) {
  const auto fields = kItems.find(item.value("type", ""));
  ASSERT_NE(fields, kItems.end()) << item.dump();
  expect_fields(item, fields->second);
  for (const Json& part : item.value("content", Json::array())) expect_part(part);
}

}  // namespace

void expect_response(const Json& response) {
  expect_fields(response, kResponse);
  for (const Json& item : response["output"]) expect_item(item);
  for (const Json& tool : response["tools"]) expect_fields(tool, kTool);
  expect_fields(response["text"], {{"format", "o"}, {"verbosity", "s?"}});
  expect_fields(response["reasoning"], {{"effort", "s0"}, {"summary", "s0"}});
  if (!response["usage"].is_null()) expect_fields(response["usage"], kUsage);
}

void expect_event(const Json& event) {
  const auto fields = kEvents.find(event.value("type", ""));
  ASSERT_NE(fields, kEvents.end()) << event.dump();
  expect_fields(event, fields->second);
  if (event.contains("response")) expect_response(event["response"]);
  if (event.contains("item")) expect_item(event["item"]);
  if (event.contains("part")) expect_part(event["part"]);
}

}  // namespace melete::server
