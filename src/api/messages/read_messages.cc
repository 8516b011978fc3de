#include "api/messages/read_messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "api/media_parts.h"
#include "api/tools.h"

namespace melete::api::messages {

namespace {

using chat::Message;
using chat::Part;
using chat::Role;

constexpr size_t kMostMessages = 100'000;
constexpr size_t kMostBlocks = 2'000;

// The blocks of a turn, by who says them in our vocabulary.
struct Turn {
  std::vector<Part> results;  // of tools
  std::vector<Part> said;
};

// The assistant's last turn so far. The user's turns that follow it are one, so results may come in
// several.
class LastTurn {
 public:
  explicit LastTurn(const std::vector<Message>& messages) : messages_(messages) {}

  // The newest message is the assistant's.
  void move() {
    index_ = messages_.size() - 1;
    calls_.reset();
  }

  const KnownCalls& calls() {
    if (calls_) return *calls_;
    calls_.emplace();
    if (index_) calls_->add(messages_[*index_]);
    return *calls_;
  }

 private:
  const std::vector<Message>& messages_;
  std::optional<size_t> index_;
  std::optional<KnownCalls> calls_;  // once a result needs them
};

void read_text(ObjectReader& block, std::vector<Part>& parts) {
  block.require("text");
  if (auto text = block.text("text")) parts.emplace_back(chat::TextPart{std::move(*text)});
}

void read_image(ObjectReader& block, std::vector<Part>& parts) {
  block.require("source");
  auto source = block.object("source");
  if (!source) return;
  source->require("type");
  const auto type = source->choice("type", {"base64", "url", "file"});
  if (!type) return;
  if (*type != "base64") {
    source->refuse(ErrorCode::Unsupported, "type",
                   fmt::format("{} is \"{}\", and this server fetches no pictures: send base64",
                               source->path_of("type"), *type));
    return;
  }
  source->choice("media_type", {"image/jpeg", "image/png", "image/gif", "image/webp"});
  if (chat::Bytes bytes = read_base64(*source, "data")) {
    parts.emplace_back(chat::ImagePart{std::move(bytes), source->path_of("data")});
  }
}

// A document whose text is given; its title and context stand above it.
void read_document(ObjectReader& block, std::vector<Part>& parts) {
  block.require("source");
  auto source = block.object("source");
  if (!source) return;
  source->require("type");
  const auto type = source->text("type");
  if (!type) return;
  if (*type != "text") {
    source->refuse(
        ErrorCode::Unsupported, "type",
        fmt::format("{} is \"{}\", and only documents of type text can be read: send the text, or "
                    "pictures of the pages",
                    source->path_of("type"), *type));
    return;
  }
  source->require("data");
  auto data = source->text("data");
  if (!data) return;
  std::string text;
  for (const std::string_view field : {"title", "context"}) {
    if (const auto line = block.text(field)) text += *line + "\n";
  }
  parts.emplace_back(chat::TextPart{text + *data + "\n"});
}

// The content of a tool's result: a text, or blocks of text.
std::string read_result_text(ObjectReader& result) {
  const Json* content = result.any("content");
  if (!content) return {};
  if (content->is_string()) return content->get<std::string>();
  std::vector<Part> parts;
  if (!result.array("content", {.most = kMostBlocks})) return {};
  for (size_t index = 0; index < content->size() && !result.error(); ++index) {
    auto block = element_reader(*content, index, result, "content");
    if (!block) break;
    block->require("type");
    const auto type = block->text("type");
    if (!type) break;
    if (*type == "text") {
      read_text(*block, parts);
    } else {
      block->refuse(
          ErrorCode::Unsupported, "type",
          fmt::format(
              "{} is \"{}\", and the result of a tool can only be text here: show pictures in "
              "the user's own turn",
              block->path_of("type"), *type));
    }
  }
  return chat::text_of({Role::Tool, std::move(parts)});
}

// `calls` are those of the assistant's last turn.
void read_tool_result(ObjectReader& block, const KnownCalls& calls, std::vector<Part>& results) {
  block.require("tool_use_id");
  const auto id = block.text("tool_use_id", {.least_bytes = 1});
  std::string text = read_result_text(block);
  if (block.boolean("is_error").value_or(false)) text = "Error: " + text;
  if (!id) return;
  const std::string* name = calls.name_of(*id);
  if (!name) {
    block.refuse(ErrorCode::InvalidArgument, "tool_use_id",
                 fmt::format("{} is \"{}\", but the assistant's turn before it made no such call",
                             block.path_of("tool_use_id"), *id));
    return;
  }
  results.emplace_back(chat::ToolResult{*id, *name, std::move(text)});
}

void read_tool_use(ObjectReader& block, std::vector<Part>& parts) {
  for (const std::string_view field : {"id", "name", "input"}) block.require(field);
  auto id = block.text("id", {.least_bytes = 1});
  auto name = block.text("name", {.least_bytes = 1});
  const auto input = block.object("input");
  if (id && name && input)
    parts.emplace_back(chat::ToolCall{std::move(*id), std::move(*name), write_json(input->json())});
}

void refuse_block(ObjectReader& block, Role role, const std::string& type) {
  block.refuse(ErrorCode::Unsupported, "type",
               fmt::format("{} is \"{}\", which {} message cannot hold here", block.path_of("type"),
                           type, role == Role::User ? "a user" : "an assistant"));
}

void read_block(ObjectReader& block, Role role, LastTurn& last, Turn& turn) {
  block.require("type");
  const auto type = block.text("type");
  if (!type) return;
  if (*type == "text") return read_text(block, turn.said);
  if (role == Role::User) {
    if (*type == "image") return read_image(block, turn.said);
    if (*type == "document") return read_document(block, turn.said);
    if (*type == "tool_result") return read_tool_result(block, last.calls(), turn.results);
    return refuse_block(block, role, *type);
  }
  if (*type == "tool_use") return read_tool_use(block, turn.said);
  if (*type == "redacted_thinking") return;  // nobody but its maker can read it
  if (*type != "thinking") return refuse_block(block, role, *type);
  block.require("thinking");
  if (auto text = block.text("thinking"))
    turn.said.emplace_back(chat::ReasoningPart{std::move(*text)});
}

Turn read_content(ObjectReader& message, Role role, LastTurn& last) {
  Turn turn;
  message.require("content");
  const Json* content = message.any("content");
  if (!content) return turn;
  if (content->is_string()) {
    turn.said.emplace_back(chat::TextPart{content->get<std::string>()});
    return turn;
  }
  if (!message.array("content", {.most = kMostBlocks})) return turn;
  for (size_t index = 0; index < content->size() && !message.error(); ++index) {
    auto block = element_reader(*content, index, message, "content");
    if (block) read_block(*block, role, last, turn);
  }
  return turn;
}

// Adds to the last message where it has the same role.
void add(std::vector<Message>& messages, Role role, std::vector<Part> parts) {
  if (parts.empty()) return;
  if (messages.empty() || messages.back().role != role) messages.push_back({role, {}});
  for (Part& part : parts) messages.back().parts.push_back(std::move(part));
}

void read_system(ObjectReader& fields, std::vector<Message>& messages) {
  const Json* system = fields.any("system");
  if (!system) return;
  std::vector<Part> parts;
  if (system->is_string()) {
    parts.emplace_back(chat::TextPart{system->get<std::string>()});
  } else if (fields.array("system", {.most = kMostBlocks})) {
    for (size_t index = 0; index < system->size() && !fields.error(); ++index) {
      auto block = element_reader(*system, index, fields, "system");
      if (!block) return;
      block->choice("type", {"text"});
      read_text(*block, parts);
    }
  }
  add(messages, Role::System, std::move(parts));
}

}  // namespace

std::vector<Message> read_messages(ObjectReader& fields) {
  std::vector<Message> messages;
  read_system(fields, messages);
  fields.require("messages");
  const Json* array = fields.array("messages", {.least = 1, .most = kMostMessages});
  if (!array) return messages;
  LastTurn last(messages);
  for (size_t index = 0; index < array->size() && !fields.error(); ++index) {
    auto message = element_reader(*array, index, fields, "messages");
    if (!message) break;
    message->require("role");
    const auto name = message->choice("role", {"user", "assistant"});
    if (!name) break;
    const Role role = *name == "user" ? Role::User : Role::Assistant;
    Turn turn = read_content(*message, role, last);
    add(messages, Role::Tool, std::move(turn.results));
    add(messages, role, std::move(turn.said));
    if (!messages.empty() && messages.back().role == Role::Assistant) last.move();
  }
  return messages;
}

}  // namespace melete::api::messages
