#include "engine/template_inputs.h"

#include <fmt/format.h>

#include "base/json.h"

namespace melete::engine {
namespace {

std::string parameters_text(const Json& parameters) {
  if (!parameters.is_object() || parameters.empty())
    return R"({"type": "object", "properties": {}})";
  return write_json(parameters);
}

// All tools, or the one that the caller named.
Result<std::vector<common_chat_tool>> template_tools(const chat::Request& request) {
  const bool named = request.tool_choice.kind == chat::ToolChoice::Kind::Named;
  std::vector<common_chat_tool> tools;
  for (const chat::Tool& tool : request.tools) {
    if (named && tool.name != request.tool_choice.name) continue;
    tools.push_back({tool.name, tool.description, parameters_text(tool.parameters)});
  }
  if (named && tools.empty()) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("tool_choice names {}, which is not among the {} tools of the request",
                            request.tool_choice.name, request.tools.size()),
                "tool_choice");
  }
  return tools;
}

// The effort in the words of the template: families know three of them, or four.
std::string effort_word(chat::Effort effort, const std::string& source) {
  const auto knows = [&source](const char* word) { return source.find(word) != std::string::npos; };
  if (effort == chat::Effort::None || effort == chat::Effort::Minimal) {
    return knows("minimal") ? "minimal" : "low";
  }
  if (effort == chat::Effort::XHigh) {
    return knows("xhigh") || knows("reasoning_strength") ? "xhigh" : "high";
  }
  return std::string(chat::name_of(effort));
}

bool forbids_reasoning(const chat::Request& request) {
  return request.limits.reasoning_tokens == 0;
}

}  // namespace

bool offers_tools(const chat::Request& request) {
  return !request.tools.empty() && request.tool_choice.kind != chat::ToolChoice::Kind::None;
}

bool must_call(const chat::Request& request) {
  const chat::ToolChoice::Kind kind = request.tool_choice.kind;
  return offers_tools(request) &&
         (kind == chat::ToolChoice::Kind::Required || kind == chat::ToolChoice::Kind::Named);
}

Result<common_chat_templates_inputs> template_inputs(const chat::Request& request,
                                                     const TemplateFacts& facts) {
  if (offers_tools(request) && !facts.traits.tools) {
    return fail(
        ErrorCode::Unsupported,
        "this model's chat template knows no tools: choose a model that calls tools, or send none",
        "tools");
  }
  common_chat_templates_inputs inputs;
  if (facts.traits.tools) {
    Result<std::vector<common_chat_tool>> tools = template_tools(request);
    if (!tools) return std::unexpected(tools.error());
    inputs.tools = std::move(*tools);
  }
  inputs.tool_choice = !offers_tools(request) ? COMMON_CHAT_TOOL_CHOICE_NONE
                       : must_call(request)   ? COMMON_CHAT_TOOL_CHOICE_REQUIRED
                                              : COMMON_CHAT_TOOL_CHOICE_AUTO;
  // A tool that is asked for by name is called once.
  const bool named = request.tool_choice.kind == chat::ToolChoice::Kind::Named;
  inputs.parallel_tool_calls = request.parallel_tools && facts.traits.parallel_tools && !named;
  inputs.reasoning_format = COMMON_REASONING_FORMAT_DEEPSEEK;
  inputs.enable_thinking = !forbids_reasoning(request);
  std::optional<chat::Effort> effort = request.effort;
  if (forbids_reasoning(request)) effort = chat::Effort::None;
  if (facts.traits.effort && effort) {
    inputs.chat_template_kwargs["reasoning_effort"] =
        write_json(effort_word(*effort, facts.source));
  }
  return inputs;
}

}  // namespace melete::engine
