#include "reinforce/language.h"

#include "text/vocabulary.h"

namespace melete::train {

OwnLanguage::OwnLanguage(const MediaShape& shape) : writer_(shape) {}

Result<Sequence> OwnLanguage::question(const std::vector<Part>& parts) const {
  return writer_.question(parts);
}

std::string OwnLanguage::text(std::span<const int32_t> tokens) const {
  return tokenizer_.decode(tokens);
}

std::vector<int32_t> OwnLanguage::tokens(const std::string& text) const {
  return tokenizer_.encode(text);
}

int32_t OwnLanguage::turn_end() const {
  return tokenizer_.id(kTurnEnd);
}

}  // namespace melete::train
