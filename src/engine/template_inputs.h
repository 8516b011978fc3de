// A request in the form that llama.cpp's chat templates take.

#pragma once

#include <chat.h>

#include <string>
#include <vector>

#include "base/error.h"
#include "chat/request.h"
#include "engine/media_marks.h"
#include "engine/template_traits.h"

namespace melete::engine {

// True when the model may call tools; `must_call` when it has to.
bool offers_tools(const chat::Request& request);
bool must_call(const chat::Request& request);

// What a template is told about itself.
struct TemplateFacts {
  const TemplateTraits& traits;
  const std::string& source;
};

// The inputs but for messages. Fails with Unsupported where the template knows no tools, and with
// InvalidArgument where tool_choice names a tool that is not there.
Result<common_chat_templates_inputs> template_inputs(const chat::Request& request,
                                                     const TemplateFacts& facts);

}  // namespace melete::engine
