#include "modes/agent_run.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace melete::modes {

namespace {

constexpr size_t kTailTokens = 64;  // of the answer, for its certainty

std::optional<double> tail_certainty(const std::vector<chat::TokenLogprob>& logprobs) {
  if (logprobs.empty()) return std::nullopt;
  const size_t count = std::min(kTailTokens, logprobs.size());
  double sum = 0;
  for (size_t i = logprobs.size() - count; i < logprobs.size(); ++i) sum += logprobs[i].logprob;
  return sum / static_cast<double>(count);
}

// At most `bytes`, cut before a character.
void shorten(std::string& text, size_t bytes) {
  if (bytes >= text.size()) return;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  text.resize(bytes);
}

}  // namespace

void AgentRun::add(const chat::Event& event) {
  if (std::holds_alternative<chat::Started>(event.payload)) started_ = true;
  tokens_ += event.tokens;
  if (const auto* reasoning = std::get_if<chat::ReasoningDelta>(&event.payload)) {
    reasoning_ += reasoning->text;
    reasoning_tokens_ += event.tokens;
    loops_ = reasoning_loop_.add(reasoning->text) || loops_;
  } else if (const auto* text = std::get_if<chat::TextDelta>(&event.payload)) {
    text_ += text->text;
    logprobs_.insert(logprobs_.end(), text->logprobs.begin(), text->logprobs.end());
    loops_ = text_loop_.add(text->text) || loops_;
  } else if (const auto* finished = std::get_if<chat::Finished>(&event.payload)) {
    stop_text_ = finished->stop_text;
  }
}

bool AgentRun::has_progress(int64_t every) {
  if (tokens_ - reported_ < every) return false;
  reported_ = tokens_;
  return true;
}

AgentFinal AgentRun::finish(chat::FinishReason reason, AnswerKind kind, std::string why) {
  why_ = std::move(why);
  shorten(reasoning_, reasoning_loop_.sound_bytes());
  shorten(text_, text_loop_.sound_bytes());
  if (is_blank(text_)) text_.clear();
  certainty_ = tail_certainty(logprobs_);
  AgentFinal final{.reasoning = std::move(reasoning_),
                   .text = std::move(text_),
                   .reasoning_tokens = reasoning_tokens_,
                   .tokens = tokens_,
                   .certainty = certainty_,
                   .reason = reason,
                   .stop_text = stop_text_};
  final.answer = extract_answer(final.text, kind);
  if (final.answer) answer_ = final.answer->text;
  return final;
}

std::string ended_why(chat::FinishReason reason) {
  return reason == chat::FinishReason::Stop ? "finished" : std::string(name_of(reason));
}

}  // namespace melete::modes
