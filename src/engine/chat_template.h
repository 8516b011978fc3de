// A model's chat template: requests become prompts, and with each prompt comes how to read the
// answer.
//
// llama.cpp's `common` renders and knows the families' tool calls; this file adds what it leaves
// out: where reasoning begins and ends, continuing an answer that was begun, and media that cannot
// be forged by text.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "chat/request.h"
#include "engine/answer_format.h"
#include "engine/prompt.h"

struct llama_model;

namespace melete::engine {

struct RenderedPrompt {
  std::string text;  // to be tokenised with special tokens; has mtmd's marker for each of `media`
  std::vector<MediaItem> media;  // in the order of their markers
  AnswerFormat format;
};

// A template as text, for tests and for templates that come apart from a model.
struct TemplateSource {
  std::string jinja;  // empty: ChatML
  std::string bos_token;
  std::string eos_token;
};

// Thread-safe: const after it was made. render() takes about a millisecond to some ten.
class ChatTemplate {
 public:
  // The template in the model's file, ChatML where it has none. Fails with Unsupported when
  // llama.cpp cannot run it. `model` is not kept.
  static Result<std::unique_ptr<ChatTemplate>> make(const llama_model* model);
  static Result<std::unique_ptr<ChatTemplate>> from_source(const TemplateSource& source);

  ~ChatTemplate();

  // True when the model reasons in a block of its own.
  bool native_reasoning() const;

  // True when the template can describe tools to the model.
  bool supports_tools() const;

  // The prompt of `request` with a branch's own messages after the shared ones. Fails with
  // InvalidArgument or Unsupported, naming the field: what the template refuses, an unknown tool, a
  // schema that cannot be turned into a grammar.
  Result<RenderedPrompt> render(const chat::Request& request,
                                const std::vector<chat::Message>& suffix) const;

 private:
  struct Parts;
  static Result<std::unique_ptr<ChatTemplate>> make_from(const llama_model* model,
                                                         const TemplateSource& source);
  explicit ChatTemplate(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace melete::engine
