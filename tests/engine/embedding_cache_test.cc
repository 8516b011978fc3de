// What was encoded lately is kept, within bounds.

#include "engine/embedding_cache.h"

#include <gtest/gtest.h>

namespace melete::engine {
namespace {

Embeddings rows(size_t count) {
  return std::make_shared<const std::vector<float>>(count, 1.0F);
}

TEST(EmbeddingCache, GivesBackWhatWasPut) {
  EmbeddingCache cache(1000);
  const Embeddings first = rows(10);
  cache.put(1, first);
  EXPECT_EQ(cache.find(1), first);
  EXPECT_EQ(cache.find(2), nullptr);
}

TEST(EmbeddingCache, DropsWhatWasUsedLongestAgo) {
  EmbeddingCache cache(100);
  cache.put(1, rows(10));
  cache.put(2, rows(10));
  EXPECT_TRUE(cache.find(1));
  cache.put(3, rows(10));
  EXPECT_TRUE(cache.find(1));
  EXPECT_FALSE(cache.find(2));
  EXPECT_TRUE(cache.find(3));
}

TEST(EmbeddingCache, KeepsNothingLargerThanItself) {
  EmbeddingCache cache(100);
  cache.put(1, rows(10));
  cache.put(2, rows(26));
  EXPECT_TRUE(cache.find(1));
  EXPECT_FALSE(cache.find(2));
}

}  // namespace
}  // namespace melete::engine
