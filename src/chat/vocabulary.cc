// The small functions of message.h, request.h and event.h.

#include <algorithm>
#include <array>
#include <utility>

#include "base/name_table.h"
#include "chat/event.h"
#include "chat/request.h"

namespace melete::chat {

namespace {

constexpr std::array<std::pair<Mode, std::string_view>, 3> kModes{{
    {Mode::Instant, "instant"},
    {Mode::Thinking, "thinking"},
    {Mode::Contemplating, "contemplating"},
}};

constexpr std::array<std::pair<Effort, std::string_view>, 6> kEfforts{{
    {Effort::None, "none"},
    {Effort::Minimal, "minimal"},
    {Effort::Low, "low"},
    {Effort::Medium, "medium"},
    {Effort::High, "high"},
    {Effort::XHigh, "xhigh"},
}};

constexpr std::array<std::pair<Compression, std::string_view>, 3> kCompressions{{
    {Compression::Off, "off"},
    {Compression::Light, "light"},
    {Compression::Strong, "strong"},
}};

constexpr std::array<std::pair<FinishReason, std::string_view>, 6> kFinishReasons{{
    {FinishReason::Stop, "stop"},
    {FinishReason::Length, "length"},
    {FinishReason::ToolCalls, "tool_calls"},
    {FinishReason::Stopped, "stopped"},
    {FinishReason::Deadline, "deadline"},
    {FinishReason::Filtered, "filtered"},
}};

}  // namespace

Message text_message(Role role, std::string text) {
  return Message{role, {TextPart{std::move(text)}}};
}

bool has_media(const Message& message) {
  return std::ranges::any_of(message.parts, [](const Part& part) {
    return std::holds_alternative<ImagePart>(part) || std::holds_alternative<AudioPart>(part);
  });
}

std::string text_of(const Message& message) {
  std::string text;
  for (const Part& part : message.parts) {
    if (const auto* piece = std::get_if<TextPart>(&part)) text += piece->text;
  }
  return text;
}

int choice_count(const Request& request) {
  return std::max<int>(1, static_cast<int>(request.branches.size()));
}

std::optional<Mode> mode_from(std::string_view name) {
  return value_in(kModes, name);
}
std::string_view name_of(Mode mode) {
  return name_in(kModes, mode);
}
std::optional<Effort> effort_from(std::string_view name) {
  return value_in(kEfforts, name);
}
std::string_view name_of(Effort effort) {
  return name_in(kEfforts, effort);
}
std::optional<Compression> compression_from(std::string_view name) {
  return value_in(kCompressions, name);
}
std::string_view name_of(Compression compression) {
  return name_in(kCompressions, compression);
}
std::string_view name_of(FinishReason reason) {
  return name_in(kFinishReasons, reason);
}

Usage& operator+=(Usage& total, const Usage& more) {
  total.prompt_tokens += more.prompt_tokens;
  total.cached_tokens += more.cached_tokens;
  total.reasoning_tokens += more.reasoning_tokens;
  total.answer_tokens += more.answer_tokens;
  total.saved_tokens += more.saved_tokens;
  total.peak_cells = std::max(total.peak_cells, more.peak_cells);
  return total;
}

}  // namespace melete::chat
