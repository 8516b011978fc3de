#include "data/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/json.h"
#include "data/media_file.h"
#include "text/vocabulary.h"

namespace melete::train {

namespace {

struct PartKindName {
  RecordPartKind kind;
  const char* name;  // of the type and of the field with the value
};
constexpr std::array<PartKindName, 3> kPartKinds = {{{RecordPartKind::Text, "text"},
                                                     {RecordPartKind::Picture, "image"},
                                                     {RecordPartKind::Sound, "audio"}}};

struct SpeakerName {
  Speaker speaker;
  const char* name;
};
constexpr std::array<SpeakerName, 3> kSpeakers = {
    {{Speaker::System, "system"}, {Speaker::User, "user"}, {Speaker::Assistant, "assistant"}}};

std::unexpected<Error> wrong(const std::string& field, std::string_view what) {
  return fail(ErrorCode::InvalidArgument, fmt::format("{} {}.", field, what), field);
}

// The text of a field, or nothing where it is missing or no text.
const std::string* text_at(const Json& json, const char* name) {
  const auto field = json.find(name);
  return field == json.end() ? nullptr : field->get_ptr<const std::string*>();
}

Result<RecordPart> read_part(const Json& json, const std::string& field) {
  if (!json.is_object()) return wrong(field, "is no object");
  const std::string* type = text_at(json, "type");
  for (const PartKindName& known : kPartKinds) {
    if (type == nullptr || *type != known.name) continue;
    const std::string* value = text_at(json, known.name);
    if (value == nullptr) return wrong(fmt::format("{}.{}", field, known.name), "has to be a text");
    if (known.kind != RecordPartKind::Text && value->empty()) {
      return wrong(fmt::format("{}.{}", field, known.name), "names no file");
    }
    return RecordPart{known.kind, *value};
  }
  return wrong(field + ".type", "has to be text, image or audio");
}

Result<std::vector<RecordPart>> read_content(const Json& message, const std::string& field) {
  if (const std::string* text = text_at(message, "content")) {
    return std::vector<RecordPart>{{RecordPartKind::Text, *text}};
  }
  const auto content = message.find("content");
  if (content == message.end() || !content->is_array()) {
    return wrong(field, "has to be a text or a list of parts");
  }
  std::vector<RecordPart> parts;
  for (const Json& json : *content) {
    Result<RecordPart> part = read_part(json, fmt::format("{}[{}]", field, parts.size()));
    if (!part) return std::unexpected(part.error());
    parts.push_back(std::move(*part));
  }
  return parts;
}

// Reasoning that begins an answer between its tags, as collections of answers often have it.
void split_reasoning(RecordTurn& turn) {
  constexpr std::string_view kStart = "<think>";
  constexpr std::string_view kEnd = "</think>";
  constexpr const char* kBlank = " \t\r\n";
  if (turn.parts.empty() || !turn.parts[0].value.starts_with(kStart)) return;
  std::string& text = turn.parts[0].value;
  const size_t end = text.find(kEnd);
  if (end == std::string::npos) return;
  std::string reasoning = text.substr(kStart.size(), end - kStart.size());
  reasoning.erase(0, reasoning.find_first_not_of(kBlank));
  reasoning.erase(reasoning.find_last_not_of(kBlank) + 1);
  turn.reasoning = std::move(reasoning);
  text.erase(0, end + kEnd.size());
  text.erase(0, text.find_first_not_of(kBlank));
}

Result<RecordTurn> read_turn(const Json& json, const std::string& field) {
  if (!json.is_object()) return wrong(field, "is no object");
  const std::string* name = text_at(json, "role");
  const auto* known = std::ranges::find_if(kSpeakers, [&](const SpeakerName& speaker) {
    return name != nullptr && *name == speaker.name;
  });
  if (known == kSpeakers.end()) {
    return wrong(field + ".role", "has to be system, user or assistant");
  }
  Result<std::vector<RecordPart>> parts = read_content(json, field + ".content");
  if (!parts) return std::unexpected(parts.error());
  const auto is_text = [](const RecordPart& part) { return part.kind == RecordPartKind::Text; };
  if (known->speaker == Speaker::Assistant && !std::ranges::all_of(*parts, is_text)) {
    return wrong(field + ".content", "of the assistant can only be text");
  }
  RecordTurn turn{known->speaker, std::move(*parts), {}};
  if (const std::string* reasoning = text_at(json, "reasoning_content")) {
    turn.reasoning = *reasoning;
  }
  if (known->speaker == Speaker::Assistant && turn.reasoning.empty()) split_reasoning(turn);
  return turn;
}

Json part_json(const RecordPart& part) {
  const char* name = kPartKinds[static_cast<size_t>(part.kind)].name;
  return {{"type", name}, {name, part.value}};
}

Json turn_json(const RecordTurn& turn) {
  const auto* known = std::ranges::find(kSpeakers, turn.speaker, &SpeakerName::speaker);
  Json json;
  json["role"] = known->name;
  if (turn.parts.size() == 1 && turn.parts[0].kind == RecordPartKind::Text) {
    json["content"] = turn.parts[0].value;
  } else {
    json["content"] = Json::array();
    for (const RecordPart& part : turn.parts) json["content"].push_back(part_json(part));
  }
  if (!turn.reasoning.empty()) json["reasoning_content"] = turn.reasoning;
  return json;
}

Result<Part> load_part(const RecordPart& part, const std::filesystem::path& folder) {
  if (part.kind == RecordPartKind::Picture) return read_picture(folder / part.value);
  if (part.kind == RecordPartKind::Sound) return read_sound(folder / part.value);
  return part.value;
}

}  // namespace

Result<Record> read_record(std::string_view line) {
  const Result<Json> json = parse_json(line);
  if (!json) return std::unexpected(json.error());
  if (!json->is_object()) return wrong("The line", "is no object");
  if (const std::string* text = text_at(*json, "text")) {
    return Record{{Speaker::Nobody, {{RecordPartKind::Text, *text}}, {}}};
  }
  const auto messages = json->find("messages");
  if (messages == json->end() || !messages->is_array()) {
    return wrong("messages", "has to be a list, or text a text");
  }
  Record record;
  for (const Json& message : *messages) {
    Result<RecordTurn> turn = read_turn(message, fmt::format("messages[{}]", record.size()));
    if (!turn) return std::unexpected(turn.error());
    record.push_back(std::move(*turn));
  }
  if (record.empty() || record.back().speaker != Speaker::Assistant) {
    return wrong("messages", "has to end with a turn of the assistant");
  }
  return record;
}

std::string write_record(const Record& record) {
  if (record.size() == 1 && record[0].speaker == Speaker::Nobody) {
    Json json;
    json["text"] = text_of(record[0]);
    return write_json(json);
  }
  Json messages = Json::array();
  for (const RecordTurn& turn : record) messages.push_back(turn_json(turn));
  Json json;
  json["messages"] = std::move(messages);
  return write_json(json);
}

std::string text_of(const RecordTurn& turn) {
  std::string text;
  for (const RecordPart& part : turn.parts) {
    if (part.kind == RecordPartKind::Text) text += part.value;
  }
  return text;
}

std::string_view mark_in(const Record& record) {
  for (const RecordTurn& turn : record) {
    const std::string text = text_of(turn) + "\n" + turn.reasoning;
    for (const VocabularyEntry& entry : vocabulary()) {
      if (entry.kind == TokenKind::Mark && text.contains(entry.text)) return entry.text;
    }
  }
  return {};
}

Result<Conversation> load(const Record& record, const std::filesystem::path& folder) {
  Conversation conversation;
  for (const RecordTurn& turn : record) {
    Turn& loaded = conversation.emplace_back(Turn{turn.speaker, {}, turn.reasoning});
    for (const RecordPart& part : turn.parts) {
      Result<Part> value = load_part(part, folder);
      if (!value) return std::unexpected(value.error());
      loaded.parts.push_back(std::move(*value));
    }
  }
  return conversation;
}

}  // namespace melete::train
