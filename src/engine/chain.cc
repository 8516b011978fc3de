#include "engine/chain.h"

#include <algorithm>
#include <utility>

namespace melete::engine {

namespace {

// Keys of media entries never equal a token's, which are below 2^32.
uint64_t media_key(const MediaSpan& span, size_t offset) {
  const uint64_t mixed = (span.digest ^ (offset + 1) * 0x9e3779b97f4a7c15u) * 0xbf58476d1ce4e5b9u;
  return mixed | uint64_t{1} << 63;
}

}  // namespace

Chain::Chain(PromptTokens prompt)
    : tokens_(std::move(prompt.tokens)),
      keys_(tokens_.begin(), tokens_.end()),
      media_(std::move(prompt.media)) {
  for (const MediaSpan& span : media_) {
    for (size_t offset = 0; offset < span.token_count; ++offset) {
      keys_[span.first + offset] = media_key(span, offset);
    }
  }
}

llama_pos Chain::position(size_t index) const {
  auto position = static_cast<llama_pos>(index);
  for (const MediaSpan& span : media_) {
    if (span.first + span.token_count > index) break;
    position -= static_cast<llama_pos>(span.token_count) - span.position_count;
  }
  return position;
}

const MediaSpan* Chain::media_at(size_t index) const {
  const auto span = std::ranges::find(media_, index, &MediaSpan::first);
  return span == media_.end() ? nullptr : &*span;
}

size_t Chain::next_media(size_t index) const {
  const auto span = std::ranges::find_if(
      media_, [index](const MediaSpan& candidate) { return candidate.first >= index; });
  return span == media_.end() ? size() : span->first;
}

size_t Chain::common_prefix(const Chain& other) const {
  const size_t limit = std::min(size(), other.size());
  size_t length = 0;
  while (length < limit && keys_[length] == other.keys_[length]) ++length;
  for (const MediaSpan& span : media_) {
    if (span.first < length && length < span.first + span.token_count) return span.first;
  }
  return length;
}

void Chain::append(llama_token token) {
  tokens_.push_back(token);
  keys_.push_back(static_cast<uint64_t>(token));
}

void Chain::truncate(size_t size) {
  tokens_.resize(size);
  keys_.resize(size);
  std::erase_if(media_, [size](const MediaSpan& span) { return span.first >= size; });
}

}  // namespace melete::engine
