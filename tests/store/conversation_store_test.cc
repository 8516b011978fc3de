// Conversations keep their items in order, give them in pages, and belong to their owner.

#include "store/conversation_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/stored_things.h"

namespace melete::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<ConversationItem> items_named(const std::vector<std::string>& ids) {
  std::vector<ConversationItem> items;
  for (const std::string& id : ids) items.push_back({id, R"({"id":")" + id + R"("})"});
  return items;
}

std::vector<std::string> ids_of(const PageOf<ConversationItem>& page) {
  std::vector<std::string> ids;
  for (const ConversationItem& item : page.data) ids.push_back(item.id);
  return ids;
}

class ConversationStoreTest : public testing::Test {
 protected:
  ConversationStoreTest() {
    EXPECT_TRUE(conversations().create(
        {.id = "conv_1", .owner = "alice", .created_at = 7, .metadata = R"({"topic":"tea"})"},
        items_named({"a", "b"})));
  }

  ConversationStore& conversations() { return database_->conversations(); }

  PageOf<ConversationItem> page(const Page& wanted) {
    auto items = conversations().items("conv_1", "alice", wanted);
    EXPECT_TRUE(items);
    return items.value_or(PageOf<ConversationItem>{});
  }

  TemporaryDatabase database_;
};

TEST_F(ConversationStoreTest, IsFoundWithItsMetadata) {
  const auto found = conversations().find("conv_1", "alice");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->created_at, 7);
  EXPECT_EQ(found->metadata, R"({"topic":"tea"})");
  ASSERT_TRUE(conversations().update_metadata("conv_1", "alice", R"({"topic":"coffee"})"));
  EXPECT_EQ(conversations().find("conv_1", "alice")->metadata, R"({"topic":"coffee"})");
}

TEST_F(ConversationStoreTest, ItemsAreAddedAtTheEnd) {
  ASSERT_TRUE(conversations().add_items("conv_1", "alice", items_named({"z", "c"})));
  ASSERT_TRUE(conversations().add_items("conv_1", "alice", items_named({"d"})));
  EXPECT_THAT(ids_of(page({.ascending = true})), ElementsAre("a", "b", "z", "c", "d"));
  EXPECT_THAT(ids_of(page({})), ElementsAre("d", "c", "z", "b", "a"));
  EXPECT_EQ(conversations().item("conv_1", "alice", "z")->json, R"({"id":"z"})");
}

TEST_F(ConversationStoreTest, PagesFollowEachOtherInBothOrders) {
  ASSERT_TRUE(conversations().add_items("conv_1", "alice", items_named({"c", "d", "e"})));
  const auto first = page({.limit = 2, .ascending = true});
  EXPECT_THAT(ids_of(first), ElementsAre("a", "b"));
  EXPECT_TRUE(first.has_more);
  const auto last = page({.limit = 3, .after = "b", .ascending = true});
  EXPECT_THAT(ids_of(last), ElementsAre("c", "d", "e"));
  EXPECT_FALSE(last.has_more);
  EXPECT_THAT(ids_of(page({.limit = 2, .after = "d"})), ElementsAre("c", "b"));
  EXPECT_THAT(ids_of(page({.after = "a"})), IsEmpty());
  const auto unknown = conversations().items("conv_1", "alice", {.after = "q"});
  EXPECT_EQ(unknown.error().message,
            "Conversation conv_1 has no item q: it was never added, or it was deleted.");
}

TEST_F(ConversationStoreTest, AnErasedItemLeavesTheOthersInPlace) {
  ASSERT_TRUE(conversations().erase_item("conv_1", "alice", "b"));
  ASSERT_TRUE(conversations().add_items("conv_1", "alice", items_named({"c"})));
  EXPECT_THAT(ids_of(page({.ascending = true})), ElementsAre("a", "c"));
  EXPECT_EQ(conversations().item("conv_1", "alice", "b").error().code, ErrorCode::NotFound);
  EXPECT_EQ(conversations().erase_item("conv_1", "alice", "b").error().code, ErrorCode::NotFound);
}

TEST_F(ConversationStoreTest, EitherAllItemsAreAddedOrNone) {
  const auto added = conversations().add_items("conv_1", "alice", items_named({"c", "a"}));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ErrorCode::Conflict);
  EXPECT_THAT(ids_of(page({.ascending = true})), ElementsAre("a", "b"));
  EXPECT_EQ(conversations().create({.id = "conv_2"}, items_named({"x", "x"})).error().code,
            ErrorCode::Conflict);
  EXPECT_EQ(conversations().find("conv_2", "").error().code, ErrorCode::NotFound);
}

TEST_F(ConversationStoreTest, TwoConversationsMayUseTheSameItemIds) {
  ASSERT_TRUE(conversations().create({.id = "conv_2", .owner = "bob"}, items_named({"a"})));
  ASSERT_TRUE(conversations().erase("conv_1", "alice"));
  EXPECT_EQ(conversations().item("conv_1", "alice", "a").error().code, ErrorCode::NotFound);
  EXPECT_TRUE(conversations().item("conv_2", "bob", "a"));
}

TEST_F(ConversationStoreTest, AnErasedConversationTakesItsItemsWithIt) {
  ASSERT_TRUE(conversations().erase("conv_1", "alice"));
  EXPECT_EQ(conversations().find("conv_1", "alice").error().code, ErrorCode::NotFound);
  ASSERT_TRUE(conversations().create({.id = "conv_1", .owner = "alice"}));
  EXPECT_THAT(ids_of(page({})), IsEmpty());
}

TEST_F(ConversationStoreTest, NothingIsToldToAnotherOwnerOrChangedByOne) {
  ConversationStore& all = conversations();
  for (const char* stranger : {"bob", ""}) {
    const std::vector<ErrorCode> codes{
        all.find("conv_1", stranger).error().code,
        all.update_metadata("conv_1", stranger, "{}").error().code,
        all.erase("conv_1", stranger).error().code,
        all.add_items("conv_1", stranger, items_named({"c"})).error().code,
        all.items("conv_1", stranger, {}).error().code,
        all.item("conv_1", stranger, "a").error().code,
        all.erase_item("conv_1", stranger, "a").error().code,
    };
    EXPECT_THAT(codes, testing::Each(ErrorCode::NotFound));
  }
  EXPECT_EQ(all.find("conv_1", "alice")->metadata, R"({"topic":"tea"})");
  EXPECT_THAT(ids_of(page({.ascending = true})), ElementsAre("a", "b"));
}

}  // namespace
}  // namespace melete::store
