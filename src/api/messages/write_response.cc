#include "api/messages/write_response.h"

#include <utility>

#include "api/write_report.h"

namespace melete::api::messages {

namespace {

Json content_of(const chat::Choice& choice) {
  Json content = Json::array();
  if (!choice.reasoning.empty()) {
    content.push_back(
        {{"type", "thinking"}, {"thinking", choice.reasoning}, {"signature", kSignature}});
  }
  if (!choice.text.empty()) {
    content.push_back({{"type", "text"}, {"text", choice.text}});
  }
  for (const chat::ToolCall& call : choice.tool_calls) {
    content.push_back({{"type", "tool_use"},
                       {"id", call.id},
                       {"name", call.name},
                       {"input", call_input(call.arguments)}});
  }
  return content;
}

}  // namespace

std::string_view stop_reason_of(const chat::Finished& finished) {
  switch (finished.reason) {
    case chat::FinishReason::Stop:
      return finished.stop_text.empty() ? "end_turn" : "stop_sequence";
    case chat::FinishReason::ToolCalls:
      return "tool_use";
    case chat::FinishReason::Filtered:
      return "refusal";
    case chat::FinishReason::Length:
    case chat::FinishReason::Stopped:
    case chat::FinishReason::Deadline:
      break;
  }
  return "max_tokens";
}

Json usage_object(const chat::Usage& usage) {
  Json object;
  object["input_tokens"] = usage.prompt_tokens - usage.cached_tokens;
  object["cache_creation_input_tokens"] = 0;
  object["cache_read_input_tokens"] = usage.cached_tokens;
  object["output_tokens"] = usage.reasoning_tokens + usage.answer_tokens;
  object["service_tier"] = "standard";
  return object;
}

Json call_input(const std::string& arguments) {
  if (arguments.empty()) return Json::object();
  auto json = parse_json(arguments);
  if (json && json->is_object()) return std::move(*json);
  return {{"arguments", arguments}};
}

Json message_head(const AnswerHead& head) {
  Json message;
  message["id"] = head.id;
  message["type"] = "message";
  message["role"] = "assistant";
  message["model"] = head.model;
  message["content"] = Json::array();
  message["stop_reason"] = nullptr;
  message["stop_sequence"] = nullptr;
  return message;
}

std::string write_response(const AnswerHead& head, const chat::Completion& completion) {
  const chat::Choice& choice = completion.choices.front();
  const chat::Finished finished{choice.finish_reason, choice.stop_text};
  Json message = message_head(head);
  message["content"] = content_of(choice);
  message["stop_reason"] = stop_reason_of(finished);
  if (!finished.stop_text.empty()) message["stop_sequence"] = finished.stop_text;
  message["usage"] = usage_object(completion.usage);
  if (completion.report) message["melete"] = report_object(*completion.report);
  return write_json(message);
}

}  // namespace melete::api::messages
