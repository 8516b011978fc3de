#include "engine/grammar_gate.h"

#include <common.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <vector>

#include "base/text.h"

namespace melete::engine {
namespace {

constexpr int kBlanksAfterBlock = 2;

std::vector<const char*> pointers(const std::vector<std::string>& texts) {
  std::vector<const char*> result;
  for (const std::string& text : texts) result.push_back(text.c_str());
  return result;
}

llama_sampler* make_grammar(const llama_vocab* vocab, const AnswerGrammar& grammar) {
  if (!grammar.lazy) return llama_sampler_init_grammar(vocab, grammar.text.c_str(), "root");
  std::vector<std::string> triggers = grammar.patterns;
  for (const std::string& word : grammar.words) triggers.push_back(regex_escape(word));
  std::vector<const char*> patterns = pointers(triggers);
  return llama_sampler_init_grammar_lazy_patterns(vocab, grammar.text.c_str(), "root",
                                                  patterns.data(), patterns.size(), nullptr, 0);
}

}  // namespace

GrammarGate::GrammarGate(const llama_vocab* vocab, const AnswerFormat& format)
    : vocab_(vocab), reasoning_(format), rests_in_reasoning_(format.grammar.rests_in_reasoning) {
  if (vocab != nullptr && !format.grammar.text.empty()) start(format.grammar);
}

void GrammarGate::start(const AnswerGrammar& grammar) {
  try {
    grammar_.reset(make_grammar(vocab_, grammar));
    if (grammar.lazy && grammar.patterns.empty()) awaited_words_ = grammar.words;
    if (!grammar_ || grammar.prefix.empty()) return;
    for (const llama_token token : common_tokenize(vocab_, grammar.prefix, false, true)) {
      llama_sampler_accept(grammar_.get(), token);
    }
  } catch (const std::exception&) {
    // The answer was begun with a text that does not fit: what follows it is held to the grammar.
    grammar_.reset(make_grammar(vocab_, grammar));
  }
}

bool GrammarGate::binds() const {
  if (!grammar_ || !awaited_words_.empty()) return false;
  return !(rests_in_reasoning_ && reasoning_.inside());
}

void GrammarGate::apply(llama_token_data_array& candidates) const {
  llama_sampler_apply(grammar_.get(), &candidates);
}

bool GrammarGate::allows(llama_token token) const {
  if (blanks_left_ > 0 && is_blank(common_token_to_piece(vocab_, token, true))) return true;
  llama_token_data single{token, 1.0F, 0.0F};
  llama_token_data_array candidates{&single, 1, -1, false};
  apply(candidates);
  return !std::isinf(single.logit);
}

void GrammarGate::accept(llama_token token) {
  if (!grammar_) return;
  std::string text = common_token_to_piece(vocab_, token, true);
  if (rests_in_reasoning_) {
    const bool inside_before = reasoning_.inside();
    reasoning_.feed(text);
    if (reasoning_.inside()) return;
    if (inside_before) {
      blanks_left_ = kBlanksAfterBlock;
      return;
    }
    if (is_blank(text) && blanks_left_-- > 0) return;
    blanks_left_ = 0;
  }
  if (llama_vocab_is_eog(vocab_, token))
    return;  // a grammar that is not done would end the process
  if (awaited_words_.empty()) {
    advance(token);
  } else {
    watch_for_trigger(token, std::move(text));
  }
}

// Keeps as many of the last tokens as a word may span; the grammar sees them once the word is
// complete.
void GrammarGate::watch_for_trigger(llama_token token, std::string text) {
  size_t longest = 0;
  recent_text_ += text;
  recent_.emplace_back(token, std::move(text));
  bool found = false;
  for (const std::string& word : awaited_words_) {
    found = found || recent_text_.find(word) != std::string::npos;
    longest = std::max(longest, word.size());
  }
  if (found) {
    awaited_words_.clear();
    for (const auto& [recent, unused] : recent_) advance(recent);
    return;
  }
  while (recent_text_.size() - recent_.front().second.size() >= longest) {
    recent_text_.erase(0, recent_.front().second.size());
    recent_.pop_front();
  }
}

void GrammarGate::advance(llama_token token) {
  if (!grammar_) return;
  try {
    llama_sampler_accept(grammar_.get(), token);
  } catch (const std::exception&) {
    grammar_.reset();
  }
}

}  // namespace melete::engine
