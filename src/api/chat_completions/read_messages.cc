#include "api/chat_completions/read_messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "api/media_parts.h"
#include "api/tools.h"

namespace melete::api::chat_completions {

namespace {

using chat::Message;
using chat::Role;

constexpr size_t kMostMessages = 20'000;
constexpr size_t kMostParts = 2'000;
constexpr size_t kMostCalls = 128;

Role role_from(std::string_view name) {
  if (name == "system") return Role::System;
  if (name == "developer") return Role::Developer;
  if (name == "assistant") return Role::Assistant;
  if (name == "tool") return Role::Tool;
  return Role::User;
}

void read_image(ObjectReader& part, std::vector<chat::Part>& parts) {
  part.require("image_url");
  auto image = part.object("image_url");
  if (!image) return;
  image->choice("detail", {"auto", "low", "high"});
  read_image_url(*image, "url", parts);
}

void read_text(ObjectReader& part, std::string_view field, std::vector<chat::Part>& parts) {
  part.require(field);
  if (auto text = part.text(field)) parts.emplace_back(chat::TextPart{std::move(*text)});
}

void read_part(ObjectReader& part, Role role, std::vector<chat::Part>& parts) {
  part.require("type");
  const auto type = part.text("type");
  if (!type) return;
  if (*type == "text") return read_text(part, "text", parts);
  if (*type == "refusal" && role == Role::Assistant) return read_text(part, "refusal", parts);
  if (*type == "image_url" && role == Role::User) return read_image(part, parts);
  if (*type == "input_audio" && role == Role::User) return read_input_audio(part, parts);
  const bool misplaced = *type == "image_url" || *type == "input_audio";
  const std::string text =
      misplaced ? fmt::format("{} is \"{}\", which only a user message may hold",
                              part.path_of("type"), *type)
                : fmt::format("{} is \"{}\" and must be text, image_url or input_audio",
                              part.path_of("type"), *type);
  part.refuse(*type == "file" ? ErrorCode::Unsupported : ErrorCode::InvalidArgument, "type", text);
}

// `content` as a string or an array of parts.
std::vector<chat::Part> read_content(ObjectReader& message, Role role) {
  std::vector<chat::Part> parts;
  const Json* content = message.any("content");
  if (!content) return parts;
  if (!content->is_array()) {
    if (content->is_string()) {
      parts.emplace_back(chat::TextPart{content->get<std::string>()});
    } else {
      message.refuse(
          ErrorCode::InvalidArgument, "content",
          fmt::format("{} must be a string or an array of parts", message.path_of("content")));
    }
    return parts;
  }
  message.array("content", {.most = kMostParts});
  for (size_t index = 0; index < content->size() && !message.error(); ++index) {
    auto part = element_reader(*content, index, message, "content");
    if (part) read_part(*part, role, parts);
  }
  return parts;
}

void read_tool_calls(ObjectReader& message, std::vector<chat::Part>& parts) {
  const Json* calls = message.array("tool_calls", {.most = kMostCalls});
  if (!calls) return;
  for (size_t index = 0; index < calls->size() && !message.error(); ++index) {
    auto call = element_reader(*calls, index, message, "tool_calls");
    if (!call) return;
    for (const std::string_view field : {"id", "function"}) call->require(field);
    call->choice("type", {"function"});
    auto function = call->object("function");
    if (!function) return;
    for (const std::string_view field : {"name", "arguments"}) function->require(field);
    parts.emplace_back(chat::ToolCall{call->text("id", {.least_bytes = 1}).value_or(""),
                                      function->text("name", {.least_bytes = 1}).value_or(""),
                                      function->text("arguments").value_or("")});
  }
}

Message read_assistant(ObjectReader& fields) {
  Message message{Role::Assistant, {}};
  for (const std::string_view field : {"function_call", "audio"}) {
    if (!fields.any(field)) continue;
    fields.refuse(
        ErrorCode::Unsupported, field,
        fmt::format("{} is not supported: use tool_calls and text", fields.path_of(field)));
  }
  if (auto reasoning = fields.text("reasoning_content"); reasoning && !reasoning->empty()) {
    message.parts.emplace_back(chat::ReasoningPart{std::move(*reasoning)});
  }
  for (chat::Part& part : read_content(fields, Role::Assistant)) {
    message.parts.push_back(std::move(part));
  }
  if (auto refusal = fields.text("refusal")) {
    message.parts.emplace_back(chat::TextPart{std::move(*refusal)});
  }
  read_tool_calls(fields, message.parts);
  if (message.parts.empty()) fields.require("content");
  return message;
}

Message read_tool_result(ObjectReader& fields, const KnownCalls& calls) {
  Message message{Role::Tool, {}};
  fields.require("tool_call_id");
  fields.require("content");
  const auto id = fields.text("tool_call_id");
  std::string text;
  for (const chat::Part& part : read_content(fields, Role::Tool)) {
    text += std::get<chat::TextPart>(part).text;
  }
  if (!id) return message;
  const std::string* name = calls.name_of(*id);
  if (!name) {
    fields.refuse(ErrorCode::InvalidArgument, "tool_call_id",
                  fmt::format("{} is \"{}\", but no assistant message before it made that call",
                              fields.path_of("tool_call_id"), *id));
    return message;
  }
  message.parts.emplace_back(chat::ToolResult{*id, *name, std::move(text)});
  return message;
}

Message read_message(ObjectReader& fields, const KnownCalls& calls) {
  fields.require("role");
  const auto name = fields.choice("role", {"system", "developer", "user", "assistant", "tool"});
  if (!name) return {};
  const Role role = role_from(*name);
  if (role == Role::Assistant) return read_assistant(fields);
  if (role == Role::Tool) return read_tool_result(fields, calls);
  fields.require("content");
  return Message{role, read_content(fields, role)};
}

}  // namespace

std::vector<chat::Message> read_messages(ObjectReader& fields) {
  std::vector<Message> messages;
  fields.require("messages");
  const Json* array = fields.array("messages", {.least = 1, .most = kMostMessages});
  if (!array) return messages;
  KnownCalls calls;
  for (size_t index = 0; index < array->size() && !fields.error(); ++index) {
    auto message = element_reader(*array, index, fields, "messages");
    if (!message) break;
    messages.push_back(read_message(*message, calls));
    calls.add(messages.back());
  }
  return messages;
}

}  // namespace melete::api::chat_completions
