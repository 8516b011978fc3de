#include "engine/format_parser.h"

#include <chat.h>

#include <exception>
#include <utility>

#include "base/ids.h"
#include "base/json.h"

namespace melete::engine {
namespace {

constexpr size_t kBytesPerRun = 200;  // the text may grow by a 200th of itself between two runs

// The part of `now` after `before`; empty where the parser changed its mind.
std::string growth(const std::string& before, const std::string& now) {
  return now.starts_with(before) ? now.substr(before.size()) : std::string();
}

bool whole_arguments(const std::string& arguments) {
  const Result<Json> tree = parse_json(arguments);
  return tree && tree->is_object();
}

}  // namespace

FormatParser::FormatParser(std::shared_ptr<const common_chat_parser_params> format)
    : format_(std::move(format)) {
  const std::optional<common_chat_msg> begun = parse(Stage::Partial);
  if (!begun) return;
  reasoning_ = begun->reasoning_content;
  text_ = begun->content;
}

std::optional<common_chat_msg> FormatParser::parse(Stage stage) const {
  try {
    return common_chat_parse(written_, stage == Stage::Partial, *format_);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

Parsed FormatParser::feed(std::string_view text) {
  written_.append(text);
  Parsed parsed;
  const size_t grown = written_.size() - parsed_size_;
  if (grown == 0 || grown < written_.size() / kBytesPerRun) return parsed;
  parsed_size_ = written_.size();
  if (const auto message = parse(Stage::Partial)) read(*message, parsed);
  return parsed;
}

Parsed FormatParser::finish() {
  Parsed parsed;
  const std::optional<common_chat_msg> message = parse(Stage::Final);
  if (message) {
    read(*message, parsed);
    if (!calls_.empty()) finish_call(calls_.size() - 1, parsed);
  }
  const bool cut_call = !calls_.empty() && !calls_.back().whole;
  if (!message || cut_call) parsed.text += written_.substr(settled_size_);
  if (cut_call) calls_.pop_back();
  return parsed;
}

void FormatParser::read(const common_chat_msg& message, Parsed& parsed) {
  parsed.reasoning = growth(reasoning_, message.reasoning_content);
  reasoning_ += parsed.reasoning;
  parsed.text = growth(text_, message.content);
  text_ += parsed.text;
  const std::string& newest = parsed.text.empty() ? parsed.reasoning : parsed.text;
  if (!newest.empty()) {
    const size_t at = written_.rfind(newest);
    settled_size_ = at == std::string::npos ? written_.size() : at + newest.size();
  }
  for (size_t i = 0; i < message.tool_calls.size(); ++i) {
    if (i == calls_.size()) {
      if (i > 0) finish_call(i - 1, parsed);
      calls_.emplace_back();
    }
    read_call(i, message.tool_calls[i], parsed);
  }
}

// A name may still grow until its arguments begin, so the call is announced with the first of them.
void FormatParser::read_call(size_t index, const common_chat_tool_call& seen, Parsed& parsed) {
  Call& call = calls_[index];
  if (call.whole) return;
  if (!call.announced) {
    call.name = seen.name;
    call.id = seen.id;
    if (call.name.empty() || seen.arguments.empty()) return;
    if (call.id.empty()) call.id = make_id("call");
  }
  const std::string more = growth(call.arguments, seen.arguments);
  if (more.empty()) return;
  chat::ToolCallDelta delta{static_cast<int>(index), "", "", more};
  if (!call.announced) {
    delta.id = call.id;
    delta.name = call.name;
    call.announced = true;
  }
  call.arguments += more;
  parsed.calls.emplace_back(std::move(delta));
}

void FormatParser::finish_call(size_t index, Parsed& parsed) {
  Call& call = calls_[index];
  if (call.whole || !whole_arguments(call.arguments)) return;
  call.whole = true;
  settled_size_ = written_.size();
  parsed.calls.emplace_back(chat::ToolCall{call.id, call.name, call.arguments});
}

}  // namespace melete::engine
