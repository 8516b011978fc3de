// Cases of chat templates as text: a request, the prompt it makes, what a model writes after it,
// and what a reader gets.
//
//     name: what the case shows
//     template: a file of llama.cpp's models/templates, or of this folder
//     request: JSON, see request_of()
//     prompt: JSON text; the whole prompt        prompt ends: its end        prompt holds: a part
//     of it writes: JSON list of the tokens' texts reasoning: / text: / call: NAME ARGUMENTS /
//     tokens: REASONING ANSWER / closing: what comes out error: a part of the error's message
//
// A "#" begins a comment line; a new "name:" begins a case.

#pragma once

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "chat/request.h"

namespace melete::engine {

struct TemplateCase {
  std::string file;
  std::vector<std::pair<std::string, std::string>> lines;  // key and value, in order

  // The value of the first line with this key; empty when there is none.
  std::string value(const std::string& key) const;
  bool has(const std::string& key) const;
};

// Names the case in what a test prints.
void PrintTo(const TemplateCase& test, std::ostream* out);

// Every case of every *.txt in tests/engine/templates.
std::vector<TemplateCase> read_template_cases();

// The text of a template by the name that a case gives.
std::string read_template(const std::string& name);

// A request from JSON: messages (a list of {"user": "text"}, with "image": true, "reasoning":
// "text" or "calls": [[id, name, arguments]]; a result is {"tool": "text", "id": "..."}), prefill,
// effort, reasoning_tokens, tools (a list of names), tool_choice, schema.
chat::Request request_of(const std::string& json);

}  // namespace melete::engine
