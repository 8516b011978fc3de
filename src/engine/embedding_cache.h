// Pictures and sounds as they were encoded lately: each turn of a conversation brings them again,
// and encoding one takes seconds.

#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <vector>

namespace melete::engine {

using Embeddings = std::shared_ptr<const std::vector<float>>;

// Bounded in bytes; what was used longest ago goes first. Not thread-safe.
class EmbeddingCache {
 public:
  explicit EmbeddingCache(size_t byte_limit) : byte_limit_(byte_limit) {}

  // The rows of a digest, or null. Marks them as used. O(entries).
  Embeddings find(uint64_t digest);

  // Keeps rows, unless they alone exceed the limit.
  void put(uint64_t digest, Embeddings rows);

 private:
  struct Entry {
    uint64_t digest;
    Embeddings rows;
  };

  const size_t byte_limit_;
  size_t byte_count_ = 0;
  std::list<Entry> entries_;  // most recently used first
};

}  // namespace melete::engine
