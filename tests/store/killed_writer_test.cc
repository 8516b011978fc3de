// A program that stores answers under load is killed at a random moment, fifty times over one
// database. After each, every answer is there whole or unfinished with what was written, and none
// is missing whose storing had been told of.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "store/child_process.h"
#include "store/stored_things.h"

namespace melete::store {
namespace {

constexpr int kKills = 50;
constexpr int kUpdates = 4;  // of each answer; the last makes it whole

std::string id_of(int round, int number) {
  return fmt::format("resp_{}_{}", round, number);
}

// The answer after so many updates: some pages of text, to span more than one write to the disk.
StoredResponse answer_at(const std::string& id, int updates) {
  StoredResponse answer = sample_response(id);
  answer.status = updates == kUpdates ? "completed" : "in_progress";
  answer.response =
      fmt::format(R"({{"id":"{}","text":"{}"}})", id, std::string(updates * 9'000, 'x'));
  answer.last_sequence = updates;
  return answer;
}

// Stores answer after answer, and tells a dot for each that is whole.
int store_for_ever(const std::filesystem::path& file, int round, const ChildProcess::Tell& tell) {
  auto database = Database::open(file);
  if (!database) return EXIT_FAILURE;
  tell("o");
  ResponseStore& responses = (*database)->responses();
  for (int number = 0;; ++number) {
    const std::string id = id_of(round, number);
    if (!responses.insert(answer_at(id, 0))) return EXIT_FAILURE;
    for (int updates = 1; updates <= kUpdates; ++updates) {
      if (!responses.update(answer_at(id, updates))) return EXIT_FAILURE;
    }
    tell(".");
  }
}

void expect_sound(const StoredResponse& found) {
  ASSERT_GE(found.last_sequence, 0);
  ASSERT_LE(found.last_sequence, kUpdates);
  const StoredResponse expected = answer_at(found.id, static_cast<int>(found.last_sequence));
  EXPECT_EQ(found.status, expected.status);
  EXPECT_TRUE(found.response == expected.response) << found.id;
  EXPECT_EQ(found.input, expected.input);
}

TEST(KilledWriter, LeavesEveryAnswerWholeOrUnfinished) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "melete.db";
  std::mt19937 random(20261125);
  size_t whole = 0;
  for (int round = 0; round < kKills; ++round) {
    ChildProcess writer([&](const auto& tell) { return store_for_ever(file, round, tell); });
    ASSERT_EQ(writer.read_byte(), 'o');
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 50'000));
    const size_t told = writer.kill().size();
    whole += told;

    auto database = Database::open(file);
    ASSERT_TRUE(database) << database.error().message;
    for (size_t number = 0;; ++number) {
      const auto found =
          (*database)->responses().find(id_of(round, static_cast<int>(number)), "alice");
      if (!found) {
        ASSERT_EQ(found.error().code, ErrorCode::NotFound) << found.error().message;
        ASSERT_GE(number, told);
        break;
      }
      if (number < told) {
        EXPECT_EQ(found->status, "completed");
      }
      expect_sound(*found);
    }
    const auto unfinished = (*database)->responses().unfinished();
    ASSERT_TRUE(unfinished);
    EXPECT_LE(unfinished->size(), static_cast<size_t>(round) + 1);
    for (const StoredResponse& response : *unfinished) expect_sound(response);
  }
  EXPECT_GT(whole, 0U);
}

}  // namespace
}  // namespace melete::store
