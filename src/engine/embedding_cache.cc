#include "engine/embedding_cache.h"

#include <algorithm>
#include <utility>

namespace melete::engine {

namespace {

size_t bytes_of(const Embeddings& rows) {
  return rows->size() * sizeof(float);
}

}  // namespace

Embeddings EmbeddingCache::find(uint64_t digest) {
  const auto entry = std::ranges::find(entries_, digest, &Entry::digest);
  if (entry == entries_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, entry);
  return entry->rows;
}

void EmbeddingCache::put(uint64_t digest, Embeddings rows) {
  if (bytes_of(rows) > byte_limit_ || find(digest)) return;
  byte_count_ += bytes_of(rows);
  entries_.push_front({digest, std::move(rows)});
  while (byte_count_ > byte_limit_) {
    byte_count_ -= bytes_of(entries_.back().rows);
    entries_.pop_back();
  }
}

}  // namespace melete::engine
