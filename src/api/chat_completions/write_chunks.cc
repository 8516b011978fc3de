#include "api/chat_completions/write_chunks.h"

#include <utility>

#include "api/error_body.h"
#include "api/write_melete_events.h"
#include "api/write_report.h"

namespace melete::api::chat_completions {

namespace {

std::string data_frame(std::string_view json) {
  std::string frame = "data: ";
  frame += json;
  frame += "\n\n";
  return frame;
}

// One piece of a tool call inside a delta.
Json call_delta(int index, const chat::ToolCall& piece) {
  Json call;
  call["index"] = index;
  if (!piece.id.empty()) {
    call["id"] = piece.id;
    call["type"] = "function";
  }
  if (!piece.name.empty()) call["function"]["name"] = piece.name;
  call["function"]["arguments"] = piece.arguments;
  Json delta;
  delta["tool_calls"] = Json::array({std::move(call)});
  return delta;
}

Json text_delta(std::string_view field, const std::string& text) {
  Json delta;
  delta[std::string(field)] = text;
  return delta;
}

}  // namespace

ChunkWriter::ChunkWriter(AnswerHead head, ChunkOptions options)
    : head_(std::move(head)), options_(options) {}

ChunkWriter::ChoiceState& ChunkWriter::state_of(int choice) {
  const auto index = static_cast<size_t>(choice);
  if (choices_.size() <= index) choices_.resize(index + 1);
  return choices_[index];
}

Json ChunkWriter::chunk() const {
  Json chunk;
  chunk["id"] = head_.id;
  chunk["object"] = "chat.completion.chunk";
  chunk["created"] = head_.created;
  chunk["model"] = head_.model;
  chunk["system_fingerprint"] = nullptr;
  chunk["choices"] = Json::array();
  if (options_.include_usage) chunk["usage"] = nullptr;
  return chunk;
}

std::string ChunkWriter::frame(Json choice_object) const {
  Json whole = chunk();
  whole["choices"].push_back(std::move(choice_object));
  return data_frame(write_json(whole));
}

std::string ChunkWriter::open(int choice) {
  ChoiceState& state = state_of(choice);
  if (state.opened) return {};
  state.opened = true;
  Json object;
  object["index"] = choice;
  object["delta"]["role"] = "assistant";
  object["delta"]["content"] = "";
  object["delta"]["refusal"] = nullptr;
  object["logprobs"] = nullptr;
  object["finish_reason"] = nullptr;
  return frame(std::move(object));
}

std::string ChunkWriter::delta_frame(int choice, Json delta, Json logprobs) {
  Json object;
  object["index"] = choice;
  object["delta"] = std::move(delta);
  object["logprobs"] = std::move(logprobs);
  object["finish_reason"] = nullptr;
  return open(choice) + frame(std::move(object));
}

std::string ChunkWriter::finish_frame(int choice, chat::FinishReason reason) {
  Json object;
  object["index"] = choice;
  object["delta"] = Json::object();
  object["logprobs"] = nullptr;
  object["finish_reason"] = finish_reason_of(reason);
  Json details = finish_details(reason);
  if (!details.is_null()) object["melete"] = std::move(details);
  Json whole = chunk();
  whole["choices"].push_back(std::move(object));
  if (report_) whole["melete"] = report_object(*report_);
  return open(choice) + data_frame(write_json(whole));
}

std::string ChunkWriter::write_call(const chat::Event& event, const chat::ToolCall& call) {
  ChoiceState& state = state_of(event.choice);
  const int index = state.calls++;
  if (state.call_deltas.contains(index)) return {};
  return delta_frame(event.choice, call_delta(index, call));
}

std::string ChunkWriter::write_answer(const chat::Event& event) {
  if (std::holds_alternative<chat::Started>(event.payload)) return open(event.choice);
  if (const auto* reasoning = std::get_if<chat::ReasoningDelta>(&event.payload)) {
    return delta_frame(event.choice, text_delta("reasoning_content", reasoning->text));
  }
  if (const auto* text = std::get_if<chat::TextDelta>(&event.payload)) {
    Json logprobs = text->logprobs.empty() ? Json(nullptr) : logprobs_object(text->logprobs);
    return delta_frame(event.choice, text_delta("content", text->text), std::move(logprobs));
  }
  if (const auto* piece = std::get_if<chat::ToolCallDelta>(&event.payload)) {
    state_of(event.choice).call_deltas.insert(piece->index);
    return delta_frame(event.choice,
                       call_delta(piece->index, {piece->id, piece->name, piece->arguments}));
  }
  if (const auto* call = std::get_if<chat::ToolCall>(&event.payload))
    return write_call(event, *call);
  if (const auto* finished = std::get_if<chat::Finished>(&event.payload)) {
    return finish_frame(event.choice, finished->reason);
  }
  return {};
}

std::string ChunkWriter::write(const chat::Event& event) {
  if (const auto* failed = std::get_if<chat::Failed>(&event.payload)) {
    failed_ = true;
    return data_frame(openai_error_body(failed->error));
  }
  if (options_.events) {
    const Json object = melete_event(event);
    if (!object.is_null()) return data_frame(write_json(object));
  }
  if (!event.agent.empty()) return {};
  if (const auto* usage = std::get_if<chat::Usage>(&event.payload)) usage_ = *usage;
  if (const auto* report = std::get_if<chat::Report>(&event.payload)) report_ = *report;
  return write_answer(event);
}

std::string ChunkWriter::end() {
  std::string frames;
  if (options_.include_usage && !failed_) {
    Json last = chunk();
    last["usage"] = usage_object(usage_);
    frames = data_frame(write_json(last));
  }
  return frames + "data: [DONE]\n\n";
}

}  // namespace melete::api::chat_completions
