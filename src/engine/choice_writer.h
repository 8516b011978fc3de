// Turns the tokens of one choice into events, keeps its budgets, and says when it is finished.

#pragma once

#include <llama.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "chat/event.h"
#include "engine/answer_reader.h"

namespace melete::engine {

struct WriterOptions {
  std::vector<llama_token> visible;         // special tokens whose text the reader must see, sorted
  std::string opening;                      // forced once the reasoning is over, before the answer
  std::optional<int64_t> answer_tokens;     // unset: no limit of its own
  std::optional<int64_t> reasoning_tokens;  // unset: no limit of its own
  int64_t total_tokens = 0;                 // see chat::Limits; 0: unset
};

// The budget of reasoning is kept here: when it is spent, or when the model ends its turn inside
// the block, the closing text is forced and the answer follows, so that reasoning alone never ends
// a choice. After that the answer has at least one token before the turn may end.
//
// Engine thread only.
class ChoiceWriter {
 public:
  ChoiceWriter(const llama_vocab* vocab, AnswerReader reader, WriterOptions options);

  // The next token where it is not the model's to choose.
  std::optional<llama_token> forced_token();

  // True while ending the turn would leave the answer empty: the sampler must not choose an end
  // token.
  bool needs_text() const { return needs_text_; }

  // Takes the token that was sampled; `ends_turn` says that it is an end token. Returns what there
  // is to send; finish_reason() is set when it was the last.
  std::vector<AnswerReader::Delta> accept(llama_token token, bool ends_turn,
                                          std::optional<chat::TokenLogprob> logprob);

  // The same for a token that was forced. It counts for no limit: the model did not write it.
  std::vector<AnswerReader::Delta> accept_forced(llama_token token);

  // Ends the choice from outside and returns what was held back.
  std::vector<AnswerReader::Delta> finish(chat::FinishReason reason);

  // Close the reasoning with the next token; no effect once the answer has begun.
  void answer_now();

  void set_reasoning_limit(int64_t tokens) { options_.reasoning_tokens = tokens; }

  std::optional<chat::FinishReason> finish_reason() const { return finish_reason_; }
  std::string stop_text() const { return reader_.stop_text(); }
  int64_t reasoning_token_count() const { return reasoning_token_count_; }
  int64_t answer_token_count() const { return answer_token_count_; }

 private:
  std::vector<AnswerReader::Delta> read(llama_token token,
                                        std::optional<chat::TokenLogprob> logprob);
  std::string text_of(llama_token token) const;
  void force(const std::string& text);
  void close_reasoning();
  void check_limits();

  const llama_vocab* vocab_;
  AnswerReader reader_;
  WriterOptions options_;
  std::deque<llama_token> forced_;
  bool needs_text_ = false;
  int64_t reasoning_token_count_ = 0;
  int64_t answer_token_count_ = 0;
  std::optional<chat::FinishReason> finish_reason_;
};

}  // namespace melete::engine
