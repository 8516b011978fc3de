#include "api/messages/write_events.h"

#include <utility>

#include "api/messages/call.h"
#include "api/write_melete_events.h"
#include "api/write_report.h"

namespace melete::api::messages {

namespace {

std::string frame(std::string_view type, const Json& data) {
  std::string frame = "event: ";
  frame += type;
  frame += "\ndata: ";
  frame += write_json(data);
  frame += "\n\n";
  return frame;
}

}  // namespace

EventWriter::EventWriter(AnswerHead head, bool events) : head_(std::move(head)), events_(events) {}

std::string EventWriter::start(const chat::Started& started) {
  if (std::exchange(started_, true)) return {};
  usage_ = {.prompt_tokens = started.prompt_tokens, .cached_tokens = started.cached_tokens};
  Json message = message_head(head_);
  message["usage"] = usage_object(usage_);
  return frame("message_start", {{"type", "message_start"}, {"message", std::move(message)}});
}

std::string EventWriter::open(Block block, Json content) {
  std::string frames = close();
  block_ = block;
  return frames + frame("content_block_start", {{"type", "content_block_start"},
                                                {"index", blocks_++},
                                                {"content_block", std::move(content)}});
}

std::string EventWriter::close() {
  if (block_ == Block::None) return {};
  std::string frames;
  if (block_ == Block::Thinking) {
    frames = grow(Block::Thinking, "signature_delta", "signature", std::string(kSignature));
  }
  block_ = Block::None;
  open_call_ = -1;
  return frames +
         frame("content_block_stop", {{"type", "content_block_stop"}, {"index", blocks_ - 1}});
}

// A delta of the open block, which is opened first where another one is.
std::string EventWriter::grow(Block block, std::string_view type, std::string_view field,
                              const std::string& text) {
  std::string frames;
  if (block_ != block && block == Block::Thinking) {
    frames = open(block, {{"type", "thinking"}, {"thinking", ""}, {"signature", ""}});
  } else if (block_ != block && block == Block::Text) {
    frames = open(block, {{"type", "text"}, {"text", ""}});
  }
  Json delta{{"type", type}};
  delta[std::string(field)] = text;
  return frames + frame("content_block_delta", {{"type", "content_block_delta"},
                                                {"index", blocks_ - 1},
                                                {"delta", std::move(delta)}});
}

std::string EventWriter::write_piece(const chat::ToolCallDelta& piece) {
  std::string frames;
  if (open_call_ != piece.index) {
    frames = open(
        Block::Call,
        {{"type", "tool_use"}, {"id", piece.id}, {"name", piece.name}, {"input", Json::object()}});
    open_call_ = piece.index;
    call_pieces_.insert(piece.index);
  }
  if (piece.arguments.empty()) return frames;
  return frames + grow(Block::Call, "input_json_delta", "partial_json", piece.arguments);
}

// A call that came whole, or the end of one whose pieces were written.
std::string EventWriter::write_call(const chat::ToolCall& call) {
  const int index = calls_++;
  if (call_pieces_.contains(index)) return open_call_ == index ? close() : std::string();
  std::string frames = write_piece({index, call.id, call.name, call.arguments});
  return frames + close();
}

std::string EventWriter::finish(const chat::Finished& finished) {
  std::string frames = start({}) + close();
  Json event{{"type", "message_delta"}};
  event["delta"]["stop_reason"] = stop_reason_of(finished);
  event["delta"]["stop_sequence"] =
      finished.stop_text.empty() ? Json(nullptr) : Json(finished.stop_text);
  event["usage"] = usage_object(usage_);
  if (report_) event["melete"] = report_object(*report_);
  return frames + frame("message_delta", event);
}

std::string EventWriter::write(const chat::Event& event) {
  if (const auto* failed = std::get_if<chat::Failed>(&event.payload)) {
    failed_ = true;
    return "event: error\ndata: " + error_body(failed->error) + "\n\n";
  }
  if (event.choice > 0) return {};
  if (events_) {
    const Json object = melete_event(event);
    if (!object.is_null()) return frame(object.at("type").get<std::string>(), object);
  }
  if (!event.agent.empty()) return {};
  if (const auto* usage = std::get_if<chat::Usage>(&event.payload)) usage_ = *usage;
  if (const auto* report = std::get_if<chat::Report>(&event.payload)) report_ = *report;
  if (const auto* started = std::get_if<chat::Started>(&event.payload)) return start(*started);
  if (const auto* finished = std::get_if<chat::Finished>(&event.payload)) return finish(*finished);
  std::string frames;
  if (const auto* reasoning = std::get_if<chat::ReasoningDelta>(&event.payload)) {
    frames = grow(Block::Thinking, "thinking_delta", "thinking", reasoning->text);
  } else if (const auto* text = std::get_if<chat::TextDelta>(&event.payload)) {
    frames = grow(Block::Text, "text_delta", "text", text->text);
  } else if (const auto* piece = std::get_if<chat::ToolCallDelta>(&event.payload)) {
    frames = write_piece(*piece);
  } else if (const auto* call = std::get_if<chat::ToolCall>(&event.payload)) {
    frames = write_call(*call);
  }
  return frames.empty() || started_ ? frames : start({}) + frames;
}

std::string EventWriter::end() {
  if (failed_) return {};
  return frame("message_stop", {{"type", "message_stop"}});
}

}  // namespace melete::api::messages
