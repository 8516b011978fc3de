// Holds an answer to its grammar, from the moment it begins to bind: not inside the reasoning, and,
// where it is lazy, not before a trigger was written.

#pragma once

#include <llama.h>

#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "engine/answer_format.h"
#include "engine/reasoning_splitter.h"

namespace melete::engine {

// One gate belongs to one choice. Never throws: a forced token that does not fit ends the grammar.
class GrammarGate {
 public:
  // A gate without a grammar is always open. `vocab` must outlive it.
  GrammarGate(const llama_vocab* vocab, const AnswerFormat& format);

  // True when candidates have to pass now.
  bool binds() const;

  // Takes out the candidates that do not fit (their logits become minus infinity). REQUIRES:
  // binds(). About 10 microseconds for a few candidates, milliseconds for a whole vocabulary.
  void apply(llama_token_data_array& candidates) const;

  bool allows(llama_token token) const;

  // The token was chosen, or forced.
  void accept(llama_token token);

 private:
  struct Free {
    void operator()(llama_sampler* sampler) const { llama_sampler_free(sampler); }
  };

  void start(const AnswerGrammar& grammar);
  void watch_for_trigger(llama_token token, std::string text);
  void advance(llama_token token);

  const llama_vocab* vocab_;
  std::unique_ptr<llama_sampler, Free> grammar_;
  ReasoningSplitter reasoning_;
  bool rests_in_reasoning_ = false;
  int blanks_left_ =
      0;  // tokens of white space that may still stand between a block and the answer

  // Triggers that are plain words are looked for here, in time linear in the text.
  std::vector<std::string> awaited_words_;  // empty: the grammar is awake
  std::deque<std::pair<llama_token, std::string>> recent_;
  std::string recent_text_;
};

}  // namespace melete::engine
