#include "engine/draft_index.h"

#include <algorithm>

namespace melete::engine {

uint64_t DraftIndex::gram_key(const llama_token* tokens) {
  uint64_t key = 0;
  for (size_t i = 0; i < kGramTokens; ++i) {
    key = (key ^ static_cast<uint32_t>(tokens[i])) * 0x9e3779b97f4a7c15u;
    key ^= key >> 29;
  }
  return key;
}

void DraftIndex::read(int source, const Chain& chain, size_t first) {
  Source& own = sources_.try_emplace(source, Source{.next = first}).first->second;
  for (; own.next < chain.size(); ++own.next) {
    own.tokens.push_back(chain.token(own.next));
    // A gram is noted when something follows it, so the last one never finds itself.
    if (own.tokens.size() <= kGramTokens) continue;
    const size_t follower = own.tokens.size() - 1;
    followers_[gram_key(&own.tokens[follower - kGramTokens])] = {source, follower};
  }
}

std::vector<llama_token> DraftIndex::guess(int source, size_t count) const {
  const auto own = sources_.find(source);
  if (own == sources_.end() || own->second.tokens.size() < kGramTokens) return {};
  const llama_token* gram = &*(own->second.tokens.end() - kGramTokens);
  const auto found = followers_.find(gram_key(gram));
  if (found == followers_.end()) return {};
  const std::vector<llama_token>& text = sources_.at(found->second.source).tokens;
  const auto start = text.begin() + static_cast<ptrdiff_t>(found->second.index);
  if (!std::equal(gram, gram + kGramTokens, start - kGramTokens)) return {};
  std::vector<llama_token> guessed(
      start, start + std::min<ptrdiff_t>(static_cast<ptrdiff_t>(count), text.end() - start));
  // Entries of pictures and sound are no tokens.
  guessed.erase(std::ranges::find_if(guessed, [](llama_token token) { return token < 0; }),
                guessed.end());
  return guessed;
}

}  // namespace melete::engine
