#include "reinforce/answer.h"

#include <string_view>

namespace melete::train {

namespace {

constexpr std::string_view kOpen = "<think>";
constexpr std::string_view kClose = "</think>";

// How many tokens the first `bytes` bytes take.
int64_t tokens_of(const Tokenizer& tokenizer, std::span<const int32_t> tokens, size_t bytes) {
  int64_t count = 0;
  for (size_t read = 0; read < bytes; ++count) {
    read += tokenizer.decode(tokens.subspan(count, 1)).size();
  }
  return count;
}

}  // namespace

Answer read_answer(const Tokenizer& tokenizer, std::span<const int32_t> tokens, bool ended) {
  Answer answer{.text = {}, .tokens = std::ssize(tokens), .thinking_tokens = 0, .complete = ended};
  const std::span<const int32_t> said = ended ? tokens.first(tokens.size() - 1) : tokens;
  answer.text = tokenizer.decode(said);
  if (!answer.text.starts_with(kOpen)) return answer;
  const size_t close = answer.text.find(kClose);
  if (close == std::string::npos) {
    answer.text.clear();
    answer.thinking_tokens = std::ssize(said);
    answer.complete = false;
    return answer;
  }
  answer.thinking_tokens = tokens_of(tokenizer, said, close + kClose.size());
  answer.text.erase(0, close + kClose.size());
  return answer;
}

}  // namespace melete::train
