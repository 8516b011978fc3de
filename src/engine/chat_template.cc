#include "engine/chat_template.h"

#include <chat.h>
#include <fmt/format.h>
#include <log.h>

#include <exception>
#include <mutex>
#include <utility>

#include "engine/prompt_ending.h"
#include "engine/schema_check.h"
#include "engine/template_grammar.h"
#include "engine/template_inputs.h"
#include "engine/template_messages.h"
#include "engine/template_traits.h"

namespace melete::engine {
namespace {

// A request as the template answered it, before the answer's format is settled.
struct Rendered {
  const chat::Request& request;
  const TemplateTraits& traits;
  common_chat_params params;
  ReasoningStyle style;  // the model's own, or lent by a prefill
  PromptEnding ending;
};

bool makes_json(const chat::Request& request) {
  return request.schema && !offers_tools(request);
}

AnswerFormat::Reading reading_of(const Rendered& rendered) {
  if (!rendered.traits.splits_at_tags) return AnswerFormat::Reading::Whole;
  return offers_tools(rendered.request) ? AnswerFormat::Reading::Tools
                                        : AnswerFormat::Reading::Plain;
}

// What the parser and the grammar take as written before the answer: where reasoning is split off
// first, they never see the block.
std::string parser_prefix(const Rendered& rendered) {
  const std::string& prompt = rendered.params.generation_prompt;
  if (!rendered.traits.splits_at_tags) return prompt + rendered.ending.text;
  const ReasoningStyle& own = rendered.traits.style;
  return prompt.substr(0, own.native() ? prompt.find(own.open) : std::string::npos) +
         rendered.ending.answer;
}

Result<AnswerGrammar> grammar_of(const Rendered& rendered) {
  const bool tags = rendered.traits.splits_at_tags;
  if (makes_json(rendered.request) && (tags || rendered.style.channels)) {
    const bool reasons = rendered.ending.begins_in_reasoning;
    Result<AnswerGrammar> grammar =
        schema_grammar(*rendered.request.schema, reasons ? rendered.style.answer_lead : "");
    if (!grammar) return grammar;
    grammar->prefix = rendered.ending.answer;
    grammar->rests_in_reasoning = true;
    return grammar;
  }
  AnswerGrammar grammar = tool_grammar(rendered.params, parser_prefix(rendered));
  grammar.rests_in_reasoning = tags;
  return grammar;
}

Result<AnswerFormat> format_of(const Rendered& rendered) {
  AnswerFormat format;
  format.reading = reading_of(rendered);
  format.open_reasoning = rendered.style.open;
  format.close_reasoning = rendered.style.close;
  format.begins_in_reasoning = rendered.ending.begins_in_reasoning;
  format.continues_reasoning = rendered.ending.continues_reasoning;
  format.reasoning_recurs = rendered.traits.reasoning_recurs || rendered.style.channels;
  format.closing_text =
      offers_tools(rendered.request) ? rendered.style.soft_closing : rendered.style.closing;
  format.last_closing_text = rendered.style.closing;
  if (format.reading != AnswerFormat::Reading::Plain) {
    format.parser = answer_parser(rendered.params, parser_prefix(rendered));
  }
  format.visible = rendered.params.preserved_tokens;
  if (rendered.style.native()) {
    format.visible.push_back(rendered.style.open);
    format.visible.push_back(rendered.style.close);
  }
  format.stops = rendered.traits.stops;
  Result<AnswerGrammar> grammar = grammar_of(rendered);
  if (!grammar) return std::unexpected(grammar.error());
  const char* parameter = makes_json(rendered.request) ? "response_format" : "tools";
  if (const Result<void> checked = check_grammar(*grammar, parameter); !checked) {
    return std::unexpected(checked.error());
  }
  format.grammar = std::move(*grammar);
  return format;
}

Result<void> check_schemas(const chat::Request& request) {
  if (makes_json(request)) return check_schema(request.schema->schema, "response_format");
  if (!offers_tools(request)) return {};
  for (const chat::Tool& tool : request.tools) {
    if (Result<void> checked = check_schema(tool.parameters, "tools"); !checked) return checked;
  }
  return {};
}

PromptWish wish_of(const chat::Request& request, const TemplateTraits& traits, Prefill prefill) {
  PromptWish wish;
  wish.prefill = std::move(prefill);
  wish.reason = request.limits.reasoning_tokens != 0;
  wish.open_at_once = traits.style.native() &&
                      (makes_json(request) || (must_call(request) && traits.splits_at_tags));
  wish.may_skip = !traits.honours_switch && !(traits.style.channels && offers_tools(request));
  return wish;
}

Result<common_chat_params> apply(const common_chat_templates& templates,
                                 const common_chat_templates_inputs& inputs) {
  try {
    return common_chat_templates_apply(&templates, inputs);
  } catch (const std::exception& error) {
    return fail(
        ErrorCode::InvalidArgument,
        fmt::format("the model's chat template refuses this conversation: {}", error.what()),
        "messages");
  }
}

// What begins a call in the model's own form, e.g. "<tool_call>"; empty where that is no fixed
// word. A small model that must call may else write on and on beside the call.
std::string call_opening(const common_chat_templates& templates,
                         common_chat_templates_inputs inputs) {
  inputs.tool_choice = COMMON_CHAT_TOOL_CHOICE_AUTO;  // it has a trigger there
  const Result<common_chat_params> params = apply(templates, inputs);
  if (!params) return {};
  for (const common_grammar_trigger& trigger : params->grammar_triggers) {
    if (trigger.type == COMMON_GRAMMAR_TRIGGER_TYPE_WORD) return trigger.value;
  }
  return {};
}

// `common` would write what people say into its log.
void silence_common() {
  static std::once_flag once;
  std::call_once(once, [] { common_log_set_verbosity_thold(LOG_LEVEL_OUTPUT); });
}

}  // namespace

struct ChatTemplate::Parts {
  common_chat_templates_ptr templates;
  std::string source;
  TemplateTraits traits;
  mutable std::mutex rendering;  // `common` asks for the date by a call that is not thread-safe
};

ChatTemplate::ChatTemplate(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

ChatTemplate::~ChatTemplate() = default;

Result<std::unique_ptr<ChatTemplate>> ChatTemplate::make(const llama_model* model) {
  return make_from(model, {});
}

Result<std::unique_ptr<ChatTemplate>> ChatTemplate::from_source(const TemplateSource& source) {
  TemplateSource named = source;
  if (named.jinja.empty()) named.jinja = "chatml";
  return make_from(nullptr, named);
}

Result<std::unique_ptr<ChatTemplate>> ChatTemplate::make_from(const llama_model* model,
                                                              const TemplateSource& source) {
  silence_common();
  try {
    auto parts = std::make_unique<Parts>();
    parts->templates =
        common_chat_templates_init(model, source.jinja, source.bos_token, source.eos_token);
    parts->source = common_chat_templates_source(parts->templates.get());
    parts->traits = template_traits(*parts->templates);
    return std::unique_ptr<ChatTemplate>(new ChatTemplate(std::move(parts)));
  } catch (const std::exception& error) {
    return fail(ErrorCode::Unsupported,
                fmt::format("the model's chat template cannot be run: {}", error.what()), "model");
  }
}

bool ChatTemplate::native_reasoning() const {
  return parts_->traits.style.native();
}

bool ChatTemplate::supports_tools() const {
  return parts_->traits.tools;
}

Result<RenderedPrompt> ChatTemplate::render(const chat::Request& request,
                                            const std::vector<chat::Message>& suffix) const {
  const TemplateTraits& traits = parts_->traits;
  if (Result<void> checked = check_schemas(request); !checked) {
    return std::unexpected(checked.error());
  }
  Result<common_chat_templates_inputs> inputs = template_inputs(request, {traits, parts_->source});
  if (!inputs) return std::unexpected(inputs.error());
  std::vector<chat::Message> messages = request.messages;
  messages.insert(messages.end(), suffix.begin(), suffix.end());
  MediaMarks marks;
  Result<std::vector<common_chat_msg>> written = template_messages(messages, marks);
  if (!written) return std::unexpected(written.error());
  inputs->messages = std::move(*written);
  Prefill prefill = read_prefill(request.prefill, traits.style);
  if (prefill.opens_reasoning) inputs->enable_thinking = true;
  inputs->force_pure_content = traits.renders_alone && !offers_tools(request);
  if (makes_json(request) && !traits.splits_at_tags && !traits.style.channels) {
    inputs->json_schema = schema_text(*request.schema);
  }

  const std::lock_guard lock(parts_->rendering);
  Result<common_chat_params> params = apply(*parts_->templates, *inputs);
  if (!params) return std::unexpected(params.error());
  const bool lent = prefill.opens_reasoning && !traits.style.native();
  Rendered rendered{request, traits, std::move(*params), lent ? lent_style() : traits.style, {}};
  rendered.ending = prompt_ending(block_state(rendered.params.generation_prompt, traits.style),
                                  rendered.style, wish_of(request, traits, std::move(prefill)));
  Result<AnswerFormat> format = format_of(rendered);
  if (!format) return std::unexpected(format.error());
  const bool begun = !rendered.ending.answer.empty();
  if (must_call(request) && format->reading == AnswerFormat::Reading::Tools && !begun) {
    format->opening_text = call_opening(*parts_->templates, *inputs);
  }
  Result<MediaMarks::Placed> placed = marks.place(rendered.params.prompt + rendered.ending.text);
  if (!placed) return std::unexpected(placed.error());
  return RenderedPrompt{std::move(placed->text), std::move(placed->items), std::move(*format)};
}

}  // namespace melete::engine
