// A database that is new, old, newer, locked, full, gone or none: each is opened or told of in a
// sentence, and nothing that was stored is lost.

#include "store/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/stat.h>

#include <fstream>

#include "store/session_pool.h"
#include "store/stored_things.h"

namespace melete::store {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;

// Another program that has the same file open.
soci::session other_program(const fs::path& file) {
  return {*soci::factory_sqlite3(), file.string()};
}

mode_t mode_of(const fs::path& file) {
  struct stat found{};
  return stat(file.c_str(), &found) == 0 ? found.st_mode & 0777 : 0;
}

void expect_refused(const fs::path& file, ErrorCode code, const std::string& words) {
  const auto opened = Database::open(file, {.busy_time = 50ms});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, code) << opened.error().message;
  EXPECT_THAT(opened.error().message, HasSubstr(words));
  EXPECT_THAT(opened.error().message, HasSubstr(file.string()));
  EXPECT_EQ(opened.error().parameter, file.string());
}

TEST(Database, IsMadeWithItsFolderForThisUserAlone) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "state folder" / "a=b, it's melete.db";
  const auto database = Database::open(file);
  ASSERT_TRUE(database) << database.error().message;
  ASSERT_TRUE((*database)->responses().insert(sample_response("resp_1")));
  EXPECT_EQ(mode_of(file), 0600U);
  EXPECT_EQ(mode_of(file.string() + "-wal"), 0600U);
  EXPECT_EQ(mode_of(file.parent_path()), 0700U);
}

TEST(Database, KeepsWhatWasStoredWhenItIsOpenedAgain) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "melete.db";
  ASSERT_TRUE((*Database::open(file))->responses().insert(sample_response("resp_1")));
  EXPECT_TRUE((*Database::open(file))->responses().find("resp_1", "alice"));
}

TEST(Database, OfANewerProgramIsRefusedAndLeftAlone) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "melete.db";
  ASSERT_TRUE((*Database::open(file))->responses().insert(sample_response("resp_1")));
  other_program(file) << "UPDATE schema_version SET version = 99";
  expect_refused(file, ErrorCode::Unavailable,
                 "has schema version 99 and this program knows versions up to 2: run the newer "
                 "Melete");
  int responses = 0;
  other_program(file) << "SELECT COUNT(*) FROM responses", soci::into(responses);
  EXPECT_EQ(responses, 1);
}

TEST(Database, WhatIsNoneIsRefusedAndLeftAlone) {
  const TemporaryFolder folder;
  const fs::path text = folder.path() / "notes.txt";
  std::ofstream(text) << std::string(5000, 'x');
  expect_refused(text, ErrorCode::Corrupt, "its file is no database");
  EXPECT_EQ(fs::file_size(text), 5000U);
  expect_refused(folder.path(), ErrorCode::Unavailable, "cannot be opened");
  expect_refused(folder.path() / "qu\"ote.db", ErrorCode::InvalidArgument, "quotation mark");
  expect_refused(text / "below.db", ErrorCode::Unavailable, "cannot be opened");
  expect_refused(text / "below" / "it.db", ErrorCode::StorageFull, "cannot be made");
}

TEST(Database, ADamagedOneIsToldOf) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "melete.db";
  {
    auto database = Database::open(file);
    ASSERT_TRUE((*database)->responses().insert(sample_response("resp_1")));
  }
  const auto bytes = fs::file_size(file);
  std::fstream damage(file, std::ios::in | std::ios::out | std::ios::binary);
  damage.seekp(4096 * 3);
  damage << std::string(bytes - 4096 * 3, '\x7F');
  damage.close();
  auto database = Database::open(file);
  ASSERT_TRUE(database) << database.error().message;
  EXPECT_EQ((*database)->responses().find("resp_1", "alice").error().code, ErrorCode::Corrupt);
}

TEST(Database, WhileItIsLockedReadsGoOnAndWritesSaySo) {
  TemporaryDatabase database({.busy_time = 50ms});
  ASSERT_TRUE(database->responses().insert(sample_response("resp_1")));
  auto other = other_program(database.file());
  other << "BEGIN IMMEDIATE";
  const auto refused = database->responses().insert(sample_response("resp_2"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::Overloaded);
  EXPECT_THAT(refused.error().message, HasSubstr("locked by another program"));
  EXPECT_TRUE(database->responses().find("resp_1", "alice"));
  other << "COMMIT";
  EXPECT_TRUE(database->responses().insert(sample_response("resp_2")));
}

TEST(Database, CannotBeMadeWhileItIsLocked) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "melete.db";
  auto other = other_program(file);
  other << "BEGIN EXCLUSIVE";
  expect_refused(file, ErrorCode::Overloaded, "locked by another program");
  other << "COMMIT";
  EXPECT_TRUE(Database::open(file));
}

TEST(Database, WhenItIsFullWhatWasStoredStaysAndIsRead) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "melete.db";
  std::ofstream(file).flush();
  auto sessions = SessionPool::open(file, 1, 50ms);
  ASSERT_TRUE(sessions) << sessions.error().message;
  ResponseStore responses(**sessions);
  StoredResponse response = sample_response("resp_1");
  ASSERT_TRUE(responses.insert(response));
  ASSERT_TRUE((*sessions)->write([](soci::session& session) -> Result<void> {
    session << "PRAGMA max_page_count = 1";  // no page more than there are
    return {};
  }));
  response.response = std::string(100'000, 'x');
  const auto full = responses.update(response);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, ErrorCode::StorageFull);
  EXPECT_THAT(full.error().message, HasSubstr("no space left"));
  EXPECT_EQ(responses.find("resp_1", "alice")->response, sample_response("resp_1").response);
  ASSERT_TRUE((*sessions)->write([](soci::session& session) -> Result<void> {
    session << "PRAGMA max_page_count = 1000000";
    return {};
  }));
  EXPECT_TRUE(responses.update(response));
}

TEST(Database, AWriteToAFileThatIsGoneIsRefusedAndOneThatIsBackGoesOn) {
  TemporaryDatabase database;
  ASSERT_TRUE(database->responses().insert(sample_response("resp_1")));
  const fs::path aside = database.file().string() + ".aside";
  fs::rename(database.file(), aside);
  const auto gone = database->responses().insert(sample_response("resp_2"));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ErrorCode::Unavailable);
  EXPECT_THAT(gone.error().message, HasSubstr("put it back, or restart"));
  std::ofstream(database.file()) << "another file in its place";
  EXPECT_EQ(database->files().add({.id = "file-1"}, "x").error().code, ErrorCode::Unavailable);
  EXPECT_EQ(database->conversations().create({.id = "conv_1"}).error().code,
            ErrorCode::Unavailable);
  fs::rename(aside, database.file());
  EXPECT_TRUE(database->responses().insert(sample_response("resp_2")));
  EXPECT_TRUE(database->responses().find("resp_1", "alice"));
}

TEST(Database, TellsNothingOfWhatWasToBeStored) {
  TemporaryDatabase database({.busy_time = 1ms});
  auto other = other_program(database.file());
  other << "BEGIN IMMEDIATE";
  StoredResponse response = sample_response("resp_1");
  response.request = "a secret";
  EXPECT_THAT(database->responses().insert(response).error().message,
              testing::Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace melete::store
