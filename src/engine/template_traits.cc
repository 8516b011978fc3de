#include "engine/template_traits.h"

#include <exception>
#include <map>

#include "base/text.h"

namespace melete::engine {
namespace {

enum class Thinking { On, Off };

common_chat_msg message_of(const char* role, const char* text) {
  common_chat_msg message;
  message.role = role;
  message.content = text;
  return message;
}

common_chat_params render_sample(const common_chat_templates& templates, Thinking thinking) {
  common_chat_templates_inputs inputs;
  inputs.messages = {message_of("user", "Hello")};
  inputs.reasoning_format = COMMON_REASONING_FORMAT_DEEPSEEK;
  inputs.enable_thinking = thinking == Thinking::On;
  return common_chat_templates_apply(&templates, inputs);
}

struct Sample {
  std::string written;
  std::string reasoning;
  std::string answer;
};

bool reads(const common_chat_params& rendered, const Sample& sample) {
  try {
    const auto parser = answer_parser(rendered, rendered.generation_prompt);
    const common_chat_msg message = common_chat_parse(sample.written, false, *parser);
    return trimmed(message.reasoning_content) == sample.reasoning &&
           trimmed(message.content) == sample.answer && message.tool_calls.empty();
  } catch (const std::exception&) {
    return false;
  }
}

// An answer with a block in front, where the prompt has not opened it already.
std::string with_block(const common_chat_params& rendered, const ReasoningStyle& style) {
  const bool open = block_state(rendered.generation_prompt, style) == BlockState::Open;
  return (open ? "" : style.opening) + "alpha beta" + style.closing + "gamma";
}

bool splits_at_tags(const common_chat_params& rendered, const ReasoningStyle& style) {
  if (style.channels) return false;
  if (!style.native()) return reads(rendered, {"<b>gamma</b>", "", "<b>gamma</b>"});
  if (!reads(rendered, {with_block(rendered, style), "alpha beta", "gamma"})) return false;
  const bool open = block_state(rendered.generation_prompt, style) == BlockState::Open;
  return open || reads(rendered, {"gamma", "", "gamma"});
}

// A conversation with all that may stand in one.
std::vector<common_chat_msg> rich_conversation() {
  common_chat_msg thought = message_of("assistant", "Hi");
  thought.reasoning_content = "A greeting.";
  common_chat_msg call = message_of("assistant", "");
  call.reasoning_content = "I look.";
  call.tool_calls = {{"weather", R"({"city": "Rome"})", "call00001"}};
  common_chat_msg result = message_of("tool", "sunny");
  result.tool_call_id = "call00001";
  result.tool_name = "weather";
  return {message_of("system", "Be kind."),
          message_of("user", "Hello"),
          thought,
          message_of("user", "Weather?"),
          call,
          result};
}

enum class Analysis { Full, None };

std::string prompt_of(const common_chat_templates& templates, common_chat_templates_inputs inputs,
                      Analysis analysis) {
  inputs.force_pure_content = analysis == Analysis::None;
  try {
    return common_chat_templates_apply(&templates, inputs).prompt;
  } catch (const std::exception&) {
    return {};
  }
}

// Some families' messages are changed on the way into the template; for those the short way is
// closed.
bool renders_alone(const common_chat_templates& templates) {
  common_chat_templates_inputs inputs;
  inputs.reasoning_format = COMMON_REASONING_FORMAT_DEEPSEEK;
  const std::vector<common_chat_msg> all = rich_conversation();
  for (size_t count = 2; count <= all.size(); ++count) {
    inputs.messages.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
    if (prompt_of(templates, inputs, Analysis::Full) !=
        prompt_of(templates, inputs, Analysis::None)) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::shared_ptr<const common_chat_parser_params> answer_parser(const common_chat_params& rendered,
                                                               const std::string& prefix) {
  auto parser = std::make_shared<common_chat_parser_params>(rendered);
  parser->reasoning_format = COMMON_REASONING_FORMAT_DEEPSEEK;
  parser->generation_prompt = prefix;
  if (!rendered.parser.empty()) parser->parser.load(rendered.parser);
  return parser;
}

TemplateTraits template_traits(const common_chat_templates& templates) {
  const common_chat_params thinking = render_sample(templates, Thinking::On);
  TemplateTraits traits;
  traits.style = reasoning_style(common_chat_templates_source(&templates), thinking);
  traits.honours_switch = thinking.prompt != render_sample(templates, Thinking::Off).prompt;
  traits.splits_at_tags = splits_at_tags(thinking, traits.style);
  if (traits.splits_at_tags && traits.style.native()) {
    const std::string again = with_block(thinking, traits.style) + traits.style.skipping;
    traits.reasoning_recurs = reads(thinking, {again, "alpha beta", "gamma"});
  }
  traits.renders_alone = traits.splits_at_tags && renders_alone(templates);
  traits.stops = thinking.additional_stops;
  std::map<std::string, bool> known = common_chat_templates_get_caps(&templates);
  traits.tools = known["supports_tools"] || known["supports_tool_calls"];
  traits.parallel_tools = known["supports_parallel_tool_calls"];
  traits.effort = known["supports_reasoning_effort"];
  return traits;
}

}  // namespace melete::engine
