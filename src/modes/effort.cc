#include "modes/effort.h"

#include <algorithm>

namespace melete::modes {

namespace {

constexpr int kUsualAnswerTokens = 1024;

int tokens_of(chat::Effort effort) {
  switch (effort) {
    case chat::Effort::None:
      return 0;
    case chat::Effort::Minimal:
      return 128;
    case chat::Effort::Low:
      return 512;
    case chat::Effort::Medium:
      return 2048;
    case chat::Effort::High:
      return 8192;
    case chat::Effort::XHigh:
      return 16384;
  }
  return 0;
}

}  // namespace

int reasoning_budget(const chat::Request& request, const chat::BackendInfo& info) {
  const int effort = tokens_of(request.effort.value_or(chat::Effort::Medium));
  const int wanted = std::max(0, request.limits.reasoning_tokens.value_or(effort));
  if (info.context_tokens <= 0) return wanted;
  const int64_t answer = request.limits.answer_tokens.value_or(kUsualAnswerTokens);
  const int64_t room = info.context_tokens - std::min(answer, info.context_tokens / 2);
  return static_cast<int>(std::min<int64_t>(wanted, room * 3 / 4));
}

}  // namespace melete::modes
