// A conversation as plain values: messages made of parts.

#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace melete::chat {

// Encoded bytes of an image, sound or file as the caller sent them. Shared because a request is
// copied for every agent and its pictures need not be.
using Bytes = std::shared_ptr<const std::string>;

struct TextPart {
  std::string text;
};

struct ImagePart {
  Bytes bytes;        // PNG, JPEG, BMP or GIF
  std::string label;  // for error messages, e.g. "messages[2].content[1]"
};

struct AudioPart {
  Bytes bytes;  // WAV, MP3 or FLAC
  std::string label;
};

struct FilePart {
  std::string name;
  std::string mime_type;
  Bytes bytes;
};

struct ToolCall {
  std::string id;
  std::string name;
  std::string arguments;  // JSON text as the model wrote it
};

struct ToolResult {
  std::string call_id;
  std::string name;
  std::string text;
};

struct ReasoningPart {
  std::string text;
};

using Part =
    std::variant<TextPart, ImagePart, AudioPart, FilePart, ToolCall, ToolResult, ReasoningPart>;

enum class Role { System, Developer, User, Assistant, Tool };

struct Message {
  Role role = Role::User;
  std::vector<Part> parts;
};

// Whether a message has pictures or sounds.
bool has_media(const Message& message);

// A message with one text part.
Message text_message(Role role, std::string text);

// All text parts of a message, joined without a separator.
std::string text_of(const Message& message);

}  // namespace melete::chat
