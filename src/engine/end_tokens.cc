#include "engine/end_tokens.h"

#include <common.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace melete::engine {
namespace {

// The one token that is `text`; LLAMA_TOKEN_NULL where it takes several.
llama_token token_of(const llama_vocab* vocab, const std::string& text) {
  const std::vector<llama_token> tokens = common_tokenize(vocab, text, false, true);
  return tokens.size() == 1 ? tokens.front() : LLAMA_TOKEN_NULL;
}

bool parts_messages(const llama_vocab* vocab, llama_token token) {
  return std::string_view(llama_vocab_get_text(vocab, token)) == "<|eom|>";
}

}  // namespace

std::vector<llama_token> end_tokens(const llama_vocab* vocab) {
  std::vector<llama_token> ends;
  for (llama_token token = 0; token < llama_vocab_n_tokens(vocab); ++token) {
    if (llama_vocab_is_eog(vocab, token) && !parts_messages(vocab, token)) ends.push_back(token);
  }
  return ends;
}

std::vector<llama_token> visible_tokens(const llama_vocab* vocab, const AnswerFormat& format) {
  std::vector<llama_token> visible;
  for (const std::string& text : format.visible) {
    const llama_token token = token_of(vocab, text);
    if (token != LLAMA_TOKEN_NULL) visible.push_back(token);
  }
  std::ranges::sort(visible);
  visible.erase(std::unique(visible.begin(), visible.end()), visible.end());
  return visible;
}

}  // namespace melete::engine
