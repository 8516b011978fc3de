// A schema moves forward, step by step and all at once, and keeps what was stored.

#include "store/migrations.h"

#include <gtest/gtest.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "store/schema.h"

namespace melete::store {
namespace {

const std::vector<Migration> kSteps{
    {1, {"CREATE TABLE cups (name TEXT NOT NULL)", "INSERT INTO cups (name) VALUES ('blue')"}},
    {2, {"ALTER TABLE cups ADD COLUMN size INTEGER NOT NULL DEFAULT 3"}},
    {3, {"UPDATE cups SET size = size * 2", "CREATE INDEX cups_by_size ON cups (size)"}},
};

class MigrationsTest : public testing::Test {
 protected:
  Result<void> migrate_to(size_t version) {
    return migrate(session_, std::span(kSteps).first(version));
  }

  int number(const std::string& query) {
    int value = -1;
    session_ << query, soci::into(value);
    return value;
  }

  soci::session session_{*soci::factory_sqlite3(), ":memory:"};
};

TEST_F(MigrationsTest, AnEmptyDatabaseTakesAllSteps) {
  ASSERT_TRUE(migrate_to(3));
  EXPECT_EQ(number("SELECT size FROM cups WHERE name = 'blue'"), 6);
  EXPECT_EQ(number("SELECT version FROM schema_version"), 3);
}

TEST_F(MigrationsTest, AnOldDatabaseTakesTheStepsThatItLacks) {
  ASSERT_TRUE(migrate_to(1));
  session_ << "INSERT INTO cups (name) VALUES ('red')";
  ASSERT_TRUE(migrate_to(3));
  EXPECT_EQ(number("SELECT COUNT(*) FROM cups WHERE size = 6"), 2);
  ASSERT_TRUE(migrate_to(3));
  EXPECT_EQ(number("SELECT COUNT(*) FROM cups WHERE size = 6"), 2);
}

TEST_F(MigrationsTest, AProgramThatDiedBeforeTheFirstStepIsMadeUpFor) {
  session_ << "CREATE TABLE schema_version (single INTEGER PRIMARY KEY CHECK (single = 1),"
              " version INTEGER NOT NULL)";
  ASSERT_TRUE(migrate_to(2));
  EXPECT_EQ(number("SELECT size FROM cups"), 3);
}

TEST_F(MigrationsTest, AStepThatFailsUndoesTheOthersToo) {
  ASSERT_TRUE(migrate_to(1));
  std::vector<Migration> steps = kSteps;
  steps[2].statements.emplace_back("INSERT INTO saucers (name) VALUES ('blue')");
  EXPECT_THROW((void)migrate(session_, steps), soci::soci_error);
  EXPECT_EQ(number("SELECT version FROM schema_version"), 1);
  ASSERT_TRUE(migrate_to(3));
  EXPECT_EQ(number("SELECT size FROM cups"), 6);
}

TEST_F(MigrationsTest, ANewerDatabaseIsRefusedWithBothVersions) {
  ASSERT_TRUE(migrate_to(3));
  const auto refused = migrate_to(2);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::Unavailable);
  EXPECT_EQ(refused.error().message,
            "The database has schema version 3 and this program knows versions up to 2: run the "
            "newer Melete that changed it, or put back a copy from before.");
  EXPECT_EQ(number("SELECT version FROM schema_version"), 3);
}

TEST_F(MigrationsTest, TheSchemasOldVersionsComeForwardWithWhatTheyKeep) {
  const auto steps = schema_steps();
  ASSERT_TRUE(migrate(session_, steps.first(1)));
  session_ << "INSERT INTO conversations (id, owner, created_at, next_position, metadata)"
              " VALUES ('conv_1', '', 1, 1, '{}')";
  ASSERT_TRUE(migrate(session_, steps));
  EXPECT_EQ(number("SELECT COUNT(*) FROM conversations"), 1);
  EXPECT_EQ(number("SELECT version FROM schema_version"), steps.back().version);
}

TEST_F(MigrationsTest, TheSchemasStepsCountFromOne) {
  int expected = 1;
  for (const Migration& step : schema_steps()) EXPECT_EQ(step.version, expected++);
}

}  // namespace
}  // namespace melete::store
