// Two processes make the same database at once and write to it side by side; nothing is lost.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "store/child_process.h"
#include "store/stored_things.h"

namespace melete::store {
namespace {

constexpr int kRounds = 10;
constexpr int kEach = 50;
constexpr std::chrono::seconds kPatience{60};  // a slow machine is no failure

int store_some(const std::filesystem::path& file, const std::string& owner) {
  auto database = Database::open(file, {.busy_time = kPatience});
  if (!database) return EXIT_FAILURE;
  // The one who comes second is told that it is there.
  const auto made = (*database)->conversations().create({.id = "conv_1"});
  if (!made && made.error().code != ErrorCode::Conflict) return EXIT_FAILURE;
  for (int number = 0; number < kEach; ++number) {
    StoredResponse response = sample_response(fmt::format("resp_{}_{}", owner, number), owner);
    response.status = "in_progress";
    if (!(*database)->responses().insert(response)) return EXIT_FAILURE;
    response.status = "completed";
    if (!(*database)->responses().update(response)) return EXIT_FAILURE;
    const std::vector<ConversationItem> items{{response.id, "{}"}};
    if (!(*database)->conversations().add_items("conv_1", "", items)) return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}

TEST(TwoProcesses, MakeAndFillOneDatabase) {
  for (int round = 0; round < kRounds; ++round) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "melete.db";
    ChildProcess alice([&](const auto&) { return store_some(file, "alice"); });
    ChildProcess bob([&](const auto&) { return store_some(file, "bob"); });
    ASSERT_EQ(alice.wait(), EXIT_SUCCESS);
    ASSERT_EQ(bob.wait(), EXIT_SUCCESS);

    auto database = Database::open(file);
    ASSERT_TRUE(database);
    EXPECT_EQ((*database)->responses().unfinished()->size(), 0U);
    for (const std::string owner : {"alice", "bob"}) {
      for (int number = 0; number < kEach; ++number) {
        EXPECT_TRUE((*database)->responses().find(fmt::format("resp_{}_{}", owner, number), owner));
      }
    }
    const auto items = (*database)->conversations().items("conv_1", "", {.limit = 2 * kEach});
    ASSERT_TRUE(items);
    EXPECT_EQ(items->data.size(), 2U * kEach);
  }
}

}  // namespace
}  // namespace melete::store
