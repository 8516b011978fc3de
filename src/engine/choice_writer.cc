#include "engine/choice_writer.h"

#include <algorithm>
#include <utility>

namespace melete::engine {

using chat::FinishReason;

namespace {

std::vector<llama_token> tokens_of(const llama_vocab* vocab, const std::string& text) {
  std::vector<llama_token> tokens(text.size() + 8);
  const int count = llama_tokenize(vocab, text.data(), static_cast<int32_t>(text.size()),
                                   tokens.data(), static_cast<int32_t>(tokens.size()), false, true);
  tokens.resize(count > 0 ? static_cast<size_t>(count) : 0);
  return tokens;
}

}  // namespace

ChoiceWriter::ChoiceWriter(const llama_vocab* vocab, AnswerReader reader, WriterOptions options)
    : vocab_(vocab), reader_(std::move(reader)), options_(std::move(options)) {
  check_limits();
  if (!reader_.in_reasoning()) force(std::exchange(options_.opening, {}));
}

void ChoiceWriter::force(const std::string& text) {
  if (text.empty()) return;
  for (const llama_token token : tokens_of(vocab_, text)) forced_.push_back(token);
}

std::optional<llama_token> ChoiceWriter::forced_token() {
  if (forced_.empty()) return std::nullopt;
  const llama_token token = forced_.front();
  forced_.pop_front();
  return token;
}

std::vector<AnswerReader::Delta> ChoiceWriter::accept(llama_token token, bool ends_turn,
                                                      std::optional<chat::TokenLogprob> logprob) {
  if (ends_turn && reader_.in_reasoning()) {
    close_reasoning();
    return {};
  }
  if (ends_turn) return finish(FinishReason::Stop);

  (reader_.in_reasoning() ? reasoning_token_count_ : answer_token_count_) += 1;
  return read(token, std::move(logprob));
}

std::vector<AnswerReader::Delta> ChoiceWriter::accept_forced(llama_token token) {
  return read(token, std::nullopt);
}

std::vector<AnswerReader::Delta> ChoiceWriter::read(llama_token token,
                                                    std::optional<chat::TokenLogprob> logprob) {
  const bool reasoning = reader_.in_reasoning();
  const std::string text = text_of(token);
  if (!reasoning && text.find_first_not_of(" \t\r\n") != std::string::npos) needs_text_ = false;
  std::vector<AnswerReader::Delta> deltas = reader_.feed(text, std::move(logprob));
  if (reasoning && !reader_.in_reasoning() && forced_.empty()) {
    force(std::exchange(options_.opening, {}));
  }
  if (reader_.stopped()) {
    finish_reason_ = FinishReason::Stop;
    return deltas;
  }
  check_limits();
  if (finish_reason_) {
    for (AnswerReader::Delta& rest : reader_.finish()) deltas.push_back(std::move(rest));
  }
  return deltas;
}

std::vector<AnswerReader::Delta> ChoiceWriter::finish(FinishReason reason) {
  if (finish_reason_) return {};
  std::vector<AnswerReader::Delta> deltas = reader_.finish();
  const bool calls_tools = reason == FinishReason::Stop && reader_.has_tool_calls();
  finish_reason_ = calls_tools ? FinishReason::ToolCalls : reason;
  return deltas;
}

std::string ChoiceWriter::text_of(llama_token token) const {
  const bool special = std::ranges::binary_search(options_.visible, token);
  std::string text(32, '\0');
  const auto write = [&] {
    return llama_token_to_piece(vocab_, token, text.data(), static_cast<int32_t>(text.size()), 0,
                                special);
  };
  int length = write();
  if (length < 0) {
    text.resize(static_cast<size_t>(-length));
    length = write();
  }
  text.resize(static_cast<size_t>(length));
  return text;
}

void ChoiceWriter::answer_now() {
  if (reader_.in_reasoning() && forced_.empty()) close_reasoning();
}

void ChoiceWriter::close_reasoning() {
  force(reader_.closing_text() + std::exchange(options_.opening, {}));
  needs_text_ = true;
}

void ChoiceWriter::check_limits() {
  const int64_t left = options_.total_tokens - reasoning_token_count_;
  if (options_.answer_tokens && !reader_.in_reasoning() &&
      answer_token_count_ >= std::max(*options_.answer_tokens, left)) {
    finish_reason_ = FinishReason::Length;
    return;
  }
  const bool spent = options_.reasoning_tokens && reader_.in_reasoning() &&
                     reasoning_token_count_ >= *options_.reasoning_tokens;
  if (spent && forced_.empty()) close_reasoning();
}

}  // namespace melete::engine
