#include "api/chat_completions/write_response.h"

#include <utility>

#include "api/logprobs.h"
#include "api/write_report.h"

namespace melete::api::chat_completions {

namespace {

Json message_object(const chat::Choice& choice) {
  Json message;
  message["role"] = "assistant";
  const bool calls_only = choice.text.empty() && !choice.tool_calls.empty();
  message["content"] = calls_only ? Json(nullptr) : Json(choice.text);
  message["refusal"] = nullptr;
  if (!choice.reasoning.empty()) message["reasoning_content"] = choice.reasoning;
  if (choice.tool_calls.empty()) return message;

  Json calls = Json::array();
  for (const chat::ToolCall& call : choice.tool_calls) {
    Json object;
    object["id"] = call.id;
    object["type"] = "function";
    object["function"]["name"] = call.name;
    object["function"]["arguments"] = call.arguments;
    calls.push_back(std::move(object));
  }
  message["tool_calls"] = std::move(calls);
  return message;
}

Json choice_object(const chat::Choice& choice, size_t index) {
  Json object;
  object["index"] = index;
  object["message"] = message_object(choice);
  object["logprobs"] = choice.logprobs.empty() ? Json(nullptr) : logprobs_object(choice.logprobs);
  object["finish_reason"] = finish_reason_of(choice.finish_reason);
  Json details = finish_details(choice.finish_reason);
  if (!details.is_null()) object["melete"] = std::move(details);
  return object;
}

}  // namespace

std::string_view finish_reason_of(chat::FinishReason reason) {
  switch (reason) {
    case chat::FinishReason::Stop:
      return "stop";
    case chat::FinishReason::ToolCalls:
      return "tool_calls";
    case chat::FinishReason::Filtered:
      return "content_filter";
    case chat::FinishReason::Length:
    case chat::FinishReason::Stopped:
    case chat::FinishReason::Deadline:
      break;
  }
  return "length";
}

Json finish_details(chat::FinishReason reason) {
  const bool from_outside =
      reason == chat::FinishReason::Stopped || reason == chat::FinishReason::Deadline;
  if (!from_outside) return nullptr;
  Json details;
  details["finish_reason"] = chat::name_of(reason);
  return details;
}

Json usage_object(const chat::Usage& usage) {
  const int64_t written = usage.reasoning_tokens + usage.answer_tokens;
  Json object;
  object["prompt_tokens"] = usage.prompt_tokens;
  object["completion_tokens"] = written;
  object["total_tokens"] = usage.prompt_tokens + written;
  object["prompt_tokens_details"]["cached_tokens"] = usage.cached_tokens;
  object["completion_tokens_details"]["reasoning_tokens"] = usage.reasoning_tokens;
  if (usage.peak_cells > 0) object["melete"]["peak_cells"] = usage.peak_cells;
  if (usage.saved_tokens > 0) {
    object["melete"]["reasoning_tokens_saved"] = usage.saved_tokens;
  }
  return object;
}

Json logprobs_object(const std::vector<chat::TokenLogprob>& logprobs) {
  Json object;
  object["content"] = logprobs_array(logprobs);
  object["refusal"] = nullptr;
  return object;
}

std::string write_response(const AnswerHead& head, const chat::Completion& completion) {
  Json choices = Json::array();
  for (const chat::Choice& choice : completion.choices) {
    choices.push_back(choice_object(choice, choices.size()));
  }
  Json body;
  body["id"] = head.id;
  body["object"] = "chat.completion";
  body["created"] = head.created;
  body["model"] = head.model;
  body["choices"] = std::move(choices);
  body["usage"] = usage_object(completion.usage);
  body["system_fingerprint"] = nullptr;
  if (completion.report) body["melete"] = report_object(*completion.report);
  if (!completion.decisions.empty()) {
    Json decisions = Json::array();
    for (const chat::Decision& decision : completion.decisions) {
      decisions.push_back(decision_object(decision));
    }
    body["melete"]["decisions"] = std::move(decisions);
  }
  return write_json(body);
}

}  // namespace melete::api::chat_completions
