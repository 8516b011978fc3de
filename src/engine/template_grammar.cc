#include "engine/template_grammar.h"

#include <fmt/format.h>
#include <json-schema-to-grammar.h>
#include <json.h>
#include <llama.h>

#include <exception>

#include "base/json.h"

namespace melete::engine {
namespace {

// The grammar `text` with `lead` before its root.
std::string led_by(const std::string& lead, const std::string& text) {
  std::string led = "\n" + text;
  const std::string root = "\nroot ::=";
  const size_t at = led.find(root);
  led.replace(at, root.size(), "\nroot ::= " + gbnf_format_literal(lead) + " led\nled ::=");
  return led;
}

}  // namespace

AnswerGrammar tool_grammar(const common_chat_params& rendered, const std::string& prefix) {
  AnswerGrammar grammar;
  grammar.text = rendered.grammar;
  grammar.lazy = rendered.grammar_lazy;
  if (!grammar.lazy) grammar.prefix = prefix;
  for (const common_grammar_trigger& trigger : rendered.grammar_triggers) {
    switch (trigger.type) {
      case COMMON_GRAMMAR_TRIGGER_TYPE_WORD:
      case COMMON_GRAMMAR_TRIGGER_TYPE_TOKEN:
        grammar.words.push_back(trigger.value);
        break;
      case COMMON_GRAMMAR_TRIGGER_TYPE_PATTERN:
        grammar.patterns.push_back(trigger.value);
        break;
      case COMMON_GRAMMAR_TRIGGER_TYPE_PATTERN_FULL:
        grammar.patterns.push_back("^" + trigger.value + "$");
        break;
    }
  }
  return grammar;
}

std::string schema_text(const chat::Schema& schema) {
  const bool any = schema.schema.is_null() || schema.schema.empty();
  return any ? R"({"type": "object"})" : write_json(schema.schema);
}

Result<void> check_grammar(const AnswerGrammar& grammar, const std::string& parameter) {
  if (grammar.text.empty()) return {};
  llama_sampler* sampler = llama_sampler_init_grammar(nullptr, grammar.text.c_str(), "root");
  if (sampler == nullptr) {
    return fail(ErrorCode::InvalidArgument,
                "the schema asks for more than a grammar can hold: repetitions and lengths of some "
                "thousands are too many",
                parameter);
  }
  llama_sampler_free(sampler);
  return {};
}

Result<AnswerGrammar> schema_grammar(const chat::Schema& schema, const std::string& lead) {
  try {
    AnswerGrammar grammar;
    grammar.text = json_schema_to_grammar(common_json::parse(schema_text(schema)));
    if (!lead.empty()) grammar.text = led_by(lead, grammar.text);
    return grammar;
  } catch (const std::exception& error) {
    return fail(
        ErrorCode::InvalidArgument,
        fmt::format("the schema {} cannot be turned into a grammar: {}", schema.name, error.what()),
        "response_format");
  }
}

}  // namespace melete::engine
