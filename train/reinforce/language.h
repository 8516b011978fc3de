// How a model is asked, and how what it writes is read: its own chat format and tokens.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "data/example.h"
#include "data/sequence.h"
#include "text/tokenizer.h"

namespace melete::train {

// Immutable, so any number of threads may use one.
class Language {
 public:
  virtual ~Language() = default;

  // The question, and what opens the answer. Fails with Unsupported where the model cannot take a
  // picture or a sound. Milliseconds.
  virtual Result<Sequence> question(const std::vector<Part>& parts) const = 0;

  // The bytes of tokens, marks included: those of each token, one after the other.
  virtual std::string text(std::span<const int32_t> tokens) const = 0;

  virtual std::vector<int32_t> tokens(const std::string& text) const = 0;

  // The token that ends a turn.
  virtual int32_t turn_end() const = 0;
};

// That of our own models.
class OwnLanguage final : public Language {
 public:
  explicit OwnLanguage(const MediaShape& shape);

  Result<Sequence> question(const std::vector<Part>& parts) const override;
  std::string text(std::span<const int32_t> tokens) const override;
  std::vector<int32_t> tokens(const std::string& text) const override;
  int32_t turn_end() const override;

 private:
  SequenceWriter writer_;
  Tokenizer tokenizer_;
};

}  // namespace melete::train
