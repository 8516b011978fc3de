#include "text/tokenizer.h"

#include <algorithm>

#include "base/check.h"
#include "text/vocabulary.h"

namespace melete::train {

Tokenizer::Tokenizer() {
  const auto& entries = vocabulary();
  for (size_t id = 0; id < entries.size(); ++id) {
    by_first_byte_[static_cast<uint8_t>(entries[id].text[0])].push_back(static_cast<int32_t>(id));
  }
  for (auto& ids : by_first_byte_) {
    std::ranges::sort(ids, std::greater(), [&](int32_t id) { return entries[id].text.size(); });
  }
}

// Every byte is an entry, so there always is one.
int32_t Tokenizer::longest(std::string_view text) const {
  const auto& ids = by_first_byte_[static_cast<uint8_t>(text[0])];
  return *std::ranges::find_if(ids,
                               [&](int32_t id) { return text.starts_with(vocabulary()[id].text); });
}

std::vector<int32_t> Tokenizer::encode(std::string_view text) const {
  std::vector<int32_t> tokens;
  while (!text.empty()) {
    tokens.push_back(longest(text));
    text.remove_prefix(vocabulary()[tokens.back()].text.size());
  }
  return tokens;
}

std::string Tokenizer::decode(std::span<const int32_t> tokens) const {
  std::string text;
  for (const int32_t token : tokens) {
    MELETE_CHECK(token >= 0 && token < std::ssize(vocabulary()), "a token of this vocabulary");
    text += vocabulary()[token].text;
  }
  return text;
}

int32_t Tokenizer::id(std::string_view entry) const {
  const std::vector<int32_t> tokens = encode(entry);
  MELETE_CHECK(tokens.size() == 1, "the text is one entry of the vocabulary");
  return tokens[0];
}

}  // namespace melete::train
