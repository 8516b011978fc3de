#include "api/responses/read_input.h"

#include <fmt/format.h>

#include <utility>

#include "api/media_parts.h"
#include "api/responses/compact.h"
#include "api/tools.h"
#include "modes/compaction.h"

namespace melete::api::responses {

namespace {

using chat::Message;
using chat::Part;
using chat::Role;

constexpr size_t kMostParts = 2'000;

Role role_from(std::string_view name) {
  if (name == "system") return Role::System;
  if (name == "developer") return Role::Developer;
  if (name == "assistant") return Role::Assistant;
  return Role::User;
}

void read_text(ObjectReader& part, std::string_view field, std::vector<Part>& parts) {
  part.require(field);
  if (auto text = part.text(field)) parts.emplace_back(chat::TextPart{std::move(*text)});
}

void read_part(ObjectReader& part, Role role, std::vector<Part>& parts) {
  part.require("type");
  const auto type = part.text("type");
  if (!type) return;
  if (*type == "input_text" || *type == "output_text" || *type == "text") {
    return read_text(part, "text", parts);
  }
  if (*type == "refusal" && role == Role::Assistant) return read_text(part, "refusal", parts);
  if (*type == "input_image" && role == Role::User) {
    part.choice("detail", {"auto", "low", "high", "original"});
    return read_image_url(part, "image_url", parts);
  }
  if (*type == "input_audio" && role == Role::User) return read_input_audio(part, parts);
  part.refuse(ErrorCode::Unsupported, "type",
              fmt::format("{} is \"{}\", which this message cannot hold here", part.path_of("type"),
                          *type));
}

// A text, or an array of parts.
std::vector<Part> read_content(ObjectReader& item, std::string_view field, Role role) {
  std::vector<Part> parts;
  item.require(field);
  const Json* content = item.any(field);
  if (!content) return parts;
  if (content->is_string()) {
    parts.emplace_back(chat::TextPart{content->get<std::string>()});
    return parts;
  }
  if (!item.array(field, {.most = kMostParts})) return parts;
  for (size_t index = 0; index < content->size() && !item.error(); ++index) {
    auto part = element_reader(*content, index, item, field);
    if (part) read_part(*part, role, parts);
  }
  return parts;
}

// Adds to the last message where it has the same role.
void add(std::vector<Message>& messages, Role role, std::vector<Part> parts) {
  if (parts.empty()) return;
  const bool joins = role == Role::Assistant || role == Role::Tool;
  if (messages.empty() || messages.back().role != role || !joins) messages.push_back({role, {}});
  for (Part& part : parts) messages.back().parts.push_back(std::move(part));
}

void read_message(ObjectReader& item, std::vector<Message>& messages) {
  item.require("role");
  const auto name = item.choice("role", {"user", "assistant", "system", "developer"});
  if (!name) return;
  const Role role = role_from(*name);
  add(messages, role, read_content(item, "content", role));
}

// Reasoning that the caller kept sealed; empty where there is none or nothing to open it with.
std::string open_reasoning(ObjectReader& item, const Memory& memory) {
  const auto sealed = item.text("encrypted_content");
  if (!sealed || !memory.seal) return {};
  auto text = memory.seal->open(*sealed, memory.owner);
  if (text) return std::move(*text);
  item.refuse(text.error().code, "encrypted_content", text.error().message);
  return {};
}

// Readable reasoning, in `content` or, where that is missing, in `summary`, else sealed.
void read_reasoning(ObjectReader& item, std::vector<Message>& messages, const Memory& memory) {
  std::string text;
  for (const std::string_view field : {"content", "summary"}) {
    const Json* parts = item.array(field, {.most = kMostParts});
    if (!parts || !text.empty()) continue;
    for (size_t index = 0; index < parts->size() && !item.error(); ++index) {
      auto part = element_reader(*parts, index, item, field);
      if (!part) return;
      part->choice("type", {"reasoning_text", "summary_text", "text"});
      part->require("text");
      text += part->text("text").value_or("");
    }
  }
  if (text.empty()) text = open_reasoning(item, memory);
  if (!text.empty()) add(messages, Role::Assistant, {chat::ReasoningPart{std::move(text)}});
}

// What was said before it is in it.
void read_compaction(ObjectReader& item, std::vector<Message>& messages, const Memory& memory) {
  item.require("encrypted_content");
  const auto sealed = item.text("encrypted_content");
  if (!sealed) return;
  const auto summary = open_summary(memory, *sealed);
  if (summary) return modes::replace_by_summary(messages, messages.size(), *summary);
  item.refuse(summary.error().code, "encrypted_content", summary.error().message);
}

void read_call(ObjectReader& item, std::vector<Message>& messages, KnownCalls& calls) {
  for (const std::string_view field : {"call_id", "name", "arguments"}) item.require(field);
  auto id = item.text("call_id", {.least_bytes = 1});
  auto name = item.text("name", {.least_bytes = 1});
  auto arguments = item.text("arguments");
  if (!id || !name || !arguments) return;
  calls.add(*id, *name);
  add(messages, Role::Assistant,
      {chat::ToolCall{std::move(*id), std::move(*name), std::move(*arguments)}});
}

void read_call_output(ObjectReader& item, std::vector<Message>& messages, const KnownCalls& calls) {
  for (const std::string_view field : {"call_id", "output"}) item.require(field);
  const auto id = item.text("call_id", {.least_bytes = 1});
  std::string text = chat::text_of({Role::Tool, read_content(item, "output", Role::Tool)});
  if (!id) return;
  const std::string* name = calls.name_of(*id);
  if (!name) {
    item.refuse(ErrorCode::InvalidArgument, "call_id",
                fmt::format("{} is \"{}\", but no function_call before it has that id",
                            item.path_of("call_id"), *id));
    return;
  }
  add(messages, Role::Tool, {chat::ToolResult{*id, *name, std::move(text)}});
}

void read_item(ObjectReader& item, std::vector<Message>& messages, KnownCalls& calls,
               const Memory& memory) {
  const std::string type = item.text("type").value_or("message");
  if (type == "message") return read_message(item, messages);
  if (type == "reasoning") return read_reasoning(item, messages, memory);
  if (type == "function_call") return read_call(item, messages, calls);
  if (type == "function_call_output") return read_call_output(item, messages, calls);
  if (type == "compaction" && memory.seal) {
    calls = {};
    return read_compaction(item, messages, memory);
  }
  item.refuse(
      ErrorCode::Unsupported, "type",
      fmt::format(
          "{} is \"{}\" and must be message, reasoning, function_call or function_call_output",
          item.path_of("type"), type));
}

struct Items {
  const Json& array;
  std::string_view name;  // the field to blame
};

void read_items(ObjectReader& fields, const Items& items, std::vector<Message>& messages,
                KnownCalls& calls, const Memory& memory) {
  for (size_t index = 0; index < items.array.size() && !fields.error(); ++index) {
    auto item = element_reader(items.array, index, fields, items.name);
    if (item) read_item(*item, messages, calls, memory);
  }
}

bool says(const Json& item, const char* name, std::string_view text) {
  const auto field = item.find(name);
  return field != item.end() && field->is_string() && field->get_ref<const std::string&>() == text;
}

// A call whose arguments were cut says nothing that a later turn could use.
Json without_cut_calls(const Json& items) {
  Json whole = Json::array();
  for (const Json& item : items) {
    const bool cut = says(item, "type", "function_call") && says(item, "status", "incomplete");
    if (!cut) whole.push_back(item);
  }
  return whole;
}

}  // namespace

std::vector<Message> read_input(ObjectReader& fields, const InputItems& items,
                                const Memory& memory) {
  std::vector<Message> messages;
  KnownCalls calls;
  if (auto instructions = fields.text("instructions"); instructions && !instructions->empty()) {
    messages.push_back(chat::text_message(Role::System, std::move(*instructions)));
  }
  const Json earlier = without_cut_calls(items.earlier);
  read_items(fields, {earlier, items.earlier_name}, messages, calls, memory);
  if (items.earlier.empty()) fields.require("input");
  const Json* input = fields.any("input");
  if (!input) return messages;
  if (input->is_string()) {
    messages.push_back(chat::text_message(Role::User, input->get<std::string>()));
    return messages;
  }
  if (!fields.array("input", {.least = 1, .most = kMostItems})) return messages;
  read_items(fields, {items.own ? *items.own : *input, "input"}, messages, calls, memory);
  return messages;
}

}  // namespace melete::api::responses
