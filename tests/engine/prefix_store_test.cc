// What the prefix store finds, replaces and drops.

#include "engine/prefix_store.h"

#include <gtest/gtest.h>

namespace melete::engine {
namespace {

Chain chain_of(std::vector<llama_token> tokens) {
  return Chain(PromptTokens{std::move(tokens), {}});
}

PrefixStore::Entry entry_of(std::vector<llama_token> tokens, size_t byte_count,
                            std::string adapter = {}) {
  return {chain_of(std::move(tokens)), std::move(adapter), std::vector<uint8_t>(byte_count)};
}

TEST(PrefixStore, FindsTheLongestCommonPrefix) {
  PrefixStore store(1000);
  store.put(entry_of({1, 2, 3}, 10));
  store.put(entry_of({1, 2, 7, 8}, 20));
  const PrefixStore::Entry* found = store.find(chain_of({1, 2, 7, 9}), "");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->bytes.size(), 20u);
  EXPECT_EQ(store.find(chain_of({5}), ""), nullptr);
}

TEST(PrefixStore, KeepsAdaptersApart) {
  PrefixStore store(1000);
  store.put(entry_of({1, 2}, 10, "poet"));
  EXPECT_EQ(store.find(chain_of({1, 2, 3}), ""), nullptr);
  EXPECT_NE(store.find(chain_of({1, 2, 3}), "poet"), nullptr);
}

TEST(PrefixStore, ALongerEntryReplacesWhatItContains) {
  PrefixStore store(1000);
  store.put(entry_of({1, 2}, 10));
  store.put(entry_of({1, 2, 3}, 30));
  EXPECT_EQ(store.byte_count(), 30);
  store.put(entry_of({1, 2}, 10));
  EXPECT_EQ(store.byte_count(), 30);
}

TEST(PrefixStore, DropsWhatWasUsedLongestAgo) {
  PrefixStore store(100);
  store.put(entry_of({1}, 40));
  store.put(entry_of({2}, 40));
  ASSERT_NE(store.find(chain_of({1, 9}), ""), nullptr);
  store.put(entry_of({3}, 40));
  EXPECT_NE(store.find(chain_of({1, 9}), ""), nullptr);
  EXPECT_EQ(store.find(chain_of({2, 9}), ""), nullptr);
  EXPECT_EQ(store.byte_count(), 80);
}

TEST(PrefixStore, KeepsNothingThatIsLargerThanItsLimit) {
  PrefixStore store(100);
  store.put(entry_of({1}, 101));
  EXPECT_EQ(store.byte_count(), 0);
  EXPECT_EQ(store.find(chain_of({1, 2}), ""), nullptr);
}

}  // namespace
}  // namespace melete::engine
