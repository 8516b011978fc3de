#include "engine/template_messages.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "base/json.h"

namespace melete::engine {
namespace {

const char* role_name(chat::Role role) {
  switch (role) {
    case chat::Role::System:
      return "system";
    case chat::Role::Developer:
      return "developer";
    case chat::Role::User:
      return "user";
    case chat::Role::Assistant:
      return "assistant";
    case chat::Role::Tool:
      return "tool";
  }
  return "user";
}

// Builds the messages part by part.
class Writer {
 public:
  explicit Writer(MediaMarks& marks) : marks_(marks) {}

  Result<void> add(const chat::Message& message) {
    current_ = {};
    current_.role = role_name(message.role);
    for (const chat::Part& part : message.parts) {
      const Result<void> added =
          std::visit([this](const auto& value) { return add_part(value); }, part);
      if (!added) return added;
    }
    finish(message);
    return {};
  }

  std::vector<common_chat_msg> take() { return std::move(messages_); }

 private:
  Result<void> add_part(const chat::TextPart& part) {
    current_.content_parts.push_back({"text", part.text});
    return {};
  }

  Result<void> add_part(const chat::ImagePart& part) {
    return add_media({MediaItem::Kind::Image, part.bytes, part.label});
  }

  Result<void> add_part(const chat::AudioPart& part) {
    return add_media({MediaItem::Kind::Audio, part.bytes, part.label});
  }

  Result<void> add_media(MediaItem item) {
    current_.content_parts.push_back({"media_marker", marks_.add(std::move(item))});
    return {};
  }

  Result<void> add_part(const chat::FilePart& part) {
    return fail(
        ErrorCode::Unsupported,
        fmt::format(
            "the model cannot read the file {} as it is: send its text or pictures of its pages",
            part.name),
        part.name);
  }

  Result<void> add_part(const chat::ToolCall& call) {
    const std::string arguments = call.arguments.empty() ? "{}" : call.arguments;
    if (!parse_json(arguments)) {
      return fail(ErrorCode::InvalidArgument,
                  fmt::format("the arguments of the call {} of {} are not JSON: {}", call.id,
                              call.name, arguments),
                  "tool_calls");
    }
    current_.tool_calls.push_back({call.name, arguments, call.id});
    tool_names_[call.id] = call.name;
    return {};
  }

  Result<void> add_part(const chat::ToolResult& result) {
    common_chat_msg message;
    message.role = "tool";
    message.content = result.text;
    message.tool_call_id = result.call_id;
    message.tool_name = result.name.empty() ? tool_names_[result.call_id] : result.name;
    messages_.push_back(std::move(message));
    return {};
  }

  Result<void> add_part(const chat::ReasoningPart& part) {
    current_.reasoning_content += part.text;
    return {};
  }

  void finish(const chat::Message& message) {
    const bool only_results = current_.content_parts.empty() && current_.tool_calls.empty() &&
                              current_.reasoning_content.empty() && !message.parts.empty();
    if (only_results) return;
    if (current_.content_parts.size() == 1 && current_.content_parts[0].type == "text") {
      current_.content = std::move(current_.content_parts[0].text);
      current_.content_parts.clear();
    }
    if (!join_instructions()) messages_.push_back(std::move(current_));
  }

  // Many templates know one message of instructions, at the beginning: what follows others goes on
  // in the same one.
  bool join_instructions() {
    if (!instructs(current_) || messages_.empty() || !instructs(messages_.back())) return false;
    messages_.back().content += "\n\n" + current_.content;
    return true;
  }

  static bool instructs(const common_chat_msg& message) {
    const bool role = message.role == "system" || message.role == "developer";
    return role && message.content_parts.empty();
  }

  MediaMarks& marks_;
  common_chat_msg current_;
  std::vector<common_chat_msg> messages_;
  std::map<std::string, std::string> tool_names_;  // by the id of the call
};

}  // namespace

Result<std::vector<common_chat_msg>> template_messages(const std::vector<chat::Message>& messages,
                                                       MediaMarks& marks) {
  Writer writer(marks);
  for (const chat::Message& message : messages) {
    const Result<void> added = writer.add(message);
    if (!added) return std::unexpected(added.error());
  }
  return writer.take();
}

}  // namespace melete::engine
