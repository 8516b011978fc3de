#include "reinforce/answer.h"

namespace melete::train {

namespace {

// How many tokens the first `bytes` bytes take.
int64_t tokens_of(const Language& language, std::span<const int32_t> tokens, size_t bytes) {
  int64_t count = 0;
  for (size_t read = 0; read < bytes; ++count) {
    read += language.text(tokens.subspan(count, 1)).size();
  }
  return count;
}

}  // namespace

Answer read_answer(const Language& language, std::span<const int32_t> tokens, bool ended) {
  Answer answer{.text = {}, .tokens = std::ssize(tokens), .thinking_tokens = 0, .complete = ended};
  const std::span<const int32_t> said = ended ? tokens.first(tokens.size() - 1) : tokens;
  answer.text = language.text(said);
  if (!answer.text.starts_with(kThinkingStart)) return answer;
  const size_t close = answer.text.find(kThinkingEnd);
  if (close == std::string::npos) {
    answer.text.clear();
    answer.thinking_tokens = std::ssize(said);
    answer.complete = false;
    return answer;
  }
  answer.thinking_tokens = tokens_of(language, said, close + kThinkingEnd.size());
  answer.text.erase(0, close + kThinkingEnd.size());
  return answer;
}

}  // namespace melete::train
