// What a model reads and what it would have to write, as tokens: for training on answers that are
// there already. The prompt is the one that the engine would send.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "chat/request.h"

namespace melete::engine {

struct GivenAnswer {
  std::string reasoning;  // before the answer; empty: none
  std::string text;
};

struct WrittenTurn {
  std::string prompt;  // with the marks of the model's chat template, and TurnWriter::media_mark()
                       // for each picture and sound
  std::string answer;  // what the model writes after it, without the token that ends the turn
};

// Thread-safe: const after it was made.
class TurnWriter {
 public:
  // Reads vocabulary and chat template of a GGUF file, not its weights. Up to a second. Fails with
  // NotFound, with Corrupt, and with Unsupported where the template cannot be run or no token ends
  // an answer.
  static Result<std::unique_ptr<TurnWriter>> open(const std::filesystem::path& model);

  ~TurnWriter();

  // The turn in which `messages` are answered so. Reasoning stands in the model's own marks, or in
  // <think> where it has none. Bytes of pictures and sounds are not read. Fails as
  // ChatTemplate::render() does, and with Unsupported where the template changes a prompt once its
  // answer has begun. Some milliseconds.
  Result<WrittenTurn> write(const std::vector<chat::Message>& messages,
                            const GivenAnswer& answer) const;

  // What stands in a prompt in the place of a picture or sound; no message can write it.
  static std::string_view media_mark();

  // The tokens of a prompt: marks are read, and BOS comes first where the vocabulary adds one.
  std::vector<int32_t> prompt_tokens(std::string_view text) const;

  // The tokens of a text that goes on from another.
  std::vector<int32_t> further_tokens(const std::string& text) const;

  // The bytes of tokens, marks included: those of each token, one after the other.
  std::string text(std::span<const int32_t> tokens) const;

  // The token that ends a turn, and its text.
  int32_t turn_end() const;
  std::string turn_end_text() const;

  // Entries of the vocabulary.
  int64_t token_count() const;

 private:
  struct Parts;
  explicit TurnWriter(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace melete::engine
