// What a chat template does, found out once by asking it: common's own parser is given sample
// answers, and where it reads them just as splitting at the tags does, the quick way is taken from
// then on.

#pragma once

#include <chat.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/answer_format.h"
#include "engine/reasoning_style.h"

namespace melete::engine {

struct TemplateTraits {
  ReasoningStyle style;
  bool splits_at_tags = false;    // answers without tools are read by tags alone
  bool reasoning_recurs = false;  // blocks are also read after answer text
  bool honours_switch = false;    // enable_thinking changes the prompt
  bool tools = false;
  bool parallel_tools = false;
  bool effort = false;             // takes reasoning_effort or reasoning_strength
  bool renders_alone = false;      // without tools, rendering needs no analysis of the template
  std::vector<std::string> stops;  // texts that end its turns
};

// Renders and parses a few short samples. Throws what `common` throws when it cannot run the
// template.
TemplateTraits template_traits(const common_chat_templates& templates);

// What common_chat_parse() needs to read an answer that follows `prefix`.
std::shared_ptr<const common_chat_parser_params> answer_parser(const common_chat_params& rendered,
                                                               const std::string& prefix);

}  // namespace melete::engine
