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
    Places& places = followers_[gram_key(&own.tokens[follower - kGramTokens])];
    places.latest[places.count++ % kPlaces] = {source, follower};
  }
}

size_t DraftIndex::agreeing(const std::vector<llama_token>& own, const Place& place) const {
  const std::vector<llama_token>& text = sources_.at(place.source).tokens;
  const size_t most = std::min({kMostAgreeing, own.size(), place.index});
  size_t count = 0;
  while (count < most && own[own.size() - 1 - count] == text[place.index - 1 - count]) ++count;
  return count;
}

Draft DraftIndex::guess(int source, size_t count) const {
  const auto own = sources_.find(source);
  if (own == sources_.end() || own->second.tokens.size() < kGramTokens) return {};
  const std::vector<llama_token>& written = own->second.tokens;
  const auto found = followers_.find(gram_key(&*(written.end() - kGramTokens)));
  if (found == followers_.end()) return {};
  const Places& places = found->second;
  Draft draft;
  Place best;
  for (size_t back = 1; back <= std::min(places.count, kPlaces); ++back) {
    const Place& place = places.latest[(places.count - back) % kPlaces];
    const size_t agree = agreeing(written, place);
    if (agree < kGramTokens || agree <= draft.agreeing) continue;
    draft.agreeing = agree;
    best = place;
  }
  if (draft.agreeing == 0) return {};
  const std::vector<llama_token>& text = sources_.at(best.source).tokens;
  const auto start = text.begin() + static_cast<ptrdiff_t>(best.index);
  const auto end = start + std::min<ptrdiff_t>(static_cast<ptrdiff_t>(count), text.end() - start);
  // Entries of pictures and sound are no tokens.
  draft.tokens.assign(start, std::find_if(start, end, [](llama_token token) { return token < 0; }));
  return draft;
}

}  // namespace melete::engine
