#include "api/conversations/read_items.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/ids.h"

namespace melete::api::conversations {

namespace {

constexpr size_t kMostIdBytes = 64;

enum class Speaker { Any, User, Assistant };

// A part of a message: its type, the field that it must hold, and who may say it.
struct PartRule {
  std::string_view type;
  std::string_view field;
  Speaker speaker;
};

constexpr std::array kParts = std::to_array<PartRule>({
    {"input_text", "text", Speaker::Any},
    {"output_text", "text", Speaker::Any},
    {"text", "text", Speaker::Any},
    {"refusal", "refusal", Speaker::Assistant},
    {"input_image", "image_url", Speaker::User},
    {"input_audio", "input_audio", Speaker::User},
});

// An item that is no message: the texts that it must hold.
struct ItemRule {
  std::string_view type;
  std::string_view id_prefix;
  std::array<std::string_view, 3> texts;
};

constexpr std::array kItems = std::to_array<ItemRule>({
    {"function_call", "fc_", {"call_id", "name", "arguments"}},
    {"function_call_output", "fco_", {"call_id"}},
    {"reasoning", "rs_", {}},
});

void check_part(ObjectReader& part, Speaker speaker) {
  part.require("type");
  const auto type = part.text("type");
  if (!type) return;
  const auto rule = std::ranges::find_if(kParts, [&](const PartRule& candidate) {
    const bool may = candidate.speaker == Speaker::Any || candidate.speaker == speaker;
    return candidate.type == *type && may;
  });
  if (rule == kParts.end()) {
    part.refuse(ErrorCode::Unsupported, "type",
                fmt::format("{} is \"{}\", which this message cannot hold here",
                            part.path_of("type"), *type));
    return;
  }
  part.require(rule->field);
  if (rule->type == "input_audio") {
    part.object(rule->field);
  } else {
    part.text(rule->field);
  }
}

void check_parts(ObjectReader& item, std::string_view field, Speaker speaker) {
  const Json* parts = item.array(field);
  for (size_t index = 0; parts && index < parts->size() && !item.error(); ++index) {
    auto part = element_reader(*parts, index, item, field);
    if (part) check_part(*part, speaker);
  }
}

Json text_part(Speaker speaker, const Json& text) {
  if (speaker != Speaker::Assistant) return {{"type", "input_text"}, {"text", text}};
  return {{"type", "output_text"},
          {"text", text},
          {"annotations", Json::array()},
          {"logprobs", Json::array()}};
}

// The id that the item came with, or a new one.
std::string id_of(ObjectReader& item, std::string_view prefix) {
  auto id = item.text("id", {.least_bytes = 1, .most_bytes = kMostIdBytes});
  if (!id) return make_id(prefix);
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  if (id->find_first_not_of(kAllowed) != std::string::npos) {
    item.refuse(ErrorCode::InvalidArgument, "id",
                fmt::format("{} must have letters, digits, _ and - only", item.path_of("id")));
  }
  return std::move(*id);
}

// The item over `defaults`; a field that is null counts as absent.
Json over(Json defaults, const Json& item) {
  for (const auto& [name, value] : item.items()) {
    if (!value.is_null()) defaults[name] = value;
  }
  return defaults;
}

Json read_message(ObjectReader& item) {
  for (const std::string_view field : {"role", "content"}) item.require(field);
  const auto role = item.choice("role", {"user", "assistant", "system", "developer"});
  const Json* content = item.any("content");
  if (!role || !content) return {};
  const Speaker speaker = *role == "assistant" ? Speaker::Assistant
                          : *role == "user"    ? Speaker::User
                                               : Speaker::Any;
  Json kept = over({{"id", id_of(item, "msg_")}, {"type", "message"}, {"status", "completed"}},
                   item.json());
  if (content->is_string()) {
    kept["content"] = Json::array({text_part(speaker, *content)});
  } else {
    check_parts(item, "content", speaker);
  }
  return kept;
}

Json read_other(ObjectReader& item, const ItemRule& rule) {
  for (const std::string_view field : rule.texts) {
    if (field.empty()) continue;
    item.require(field);
    item.text(field);
  }
  if (rule.type == "function_call_output") {
    item.require("output");
    const Json* output = item.any("output");
    if (output && !output->is_string()) check_parts(item, "output", Speaker::Any);
  }
  return over({{"id", id_of(item, rule.id_prefix)}}, item.json());
}

Json read_item(ObjectReader& item) {
  const std::string type = item.text("type").value_or("message");
  if (type == "message") return read_message(item);
  const auto rule = std::ranges::find(kItems, type, &ItemRule::type);
  if (rule != kItems.end()) return read_other(item, *rule);
  item.refuse(ErrorCode::Unsupported, "type",
              fmt::format("{} is \"{}\" and must be message, reasoning, function_call or "
                          "function_call_output",
                          item.path_of("type"), type));
  return {};
}

}  // namespace

std::vector<store::ConversationItem> read_items(ObjectReader& fields, ArrayLimits count) {
  std::vector<store::ConversationItem> kept;
  const Json* items = fields.array("items", count);
  for (size_t index = 0; items && index < items->size() && !fields.error(); ++index) {
    auto item = element_reader(*items, index, fields, "items");
    if (!item) break;
    const Json whole = read_item(*item);
    if (fields.error()) break;
    kept.push_back({whole.at("id").get<std::string>(), write_json(whole)});
  }
  return kept;
}

}  // namespace melete::api::conversations
