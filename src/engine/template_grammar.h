// The grammars of an answer: tool calls as llama.cpp's template gave them, JSON of a caller's
// schema.

#pragma once

#include <chat.h>

#include "base/error.h"
#include "chat/request.h"
#include "engine/answer_format.h"
#include "engine/reasoning_style.h"

namespace melete::engine {

// The grammar that came with a rendered template; `prefix` is what the prompt already holds of it.
AnswerGrammar tool_grammar(const common_chat_params& rendered, const std::string& prefix);

// The schema as JSON text; that of any object where it is empty.
std::string schema_text(const chat::Schema& schema);

// JSON that fits the schema; any JSON object where the schema is empty. With `lead` the text before
// it is part of the grammar. Fails with InvalidArgument on a schema that cannot be turned into a
// grammar.
Result<AnswerGrammar> schema_grammar(const chat::Schema& schema, const std::string& lead);

// Fails with InvalidArgument, blaming `parameter`, when llama.cpp cannot read the grammar.
Result<void> check_grammar(const AnswerGrammar& grammar, const std::string& parameter);

}  // namespace melete::engine
