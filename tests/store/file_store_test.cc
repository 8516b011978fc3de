// Files come back byte for byte, in lists by owner and purpose.

#include "store/file_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/stored_things.h"

namespace melete::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> ids_of(const Result<PageOf<File>>& page) {
  std::vector<std::string> ids;
  if (page) {
    for (const File& file : page->data) ids.push_back(file.id);
  }
  return ids;
}

// Every byte there is, over and over.
std::string all_bytes(size_t length) {
  std::string bytes(length, '\0');
  for (size_t index = 0; index < length; ++index) bytes[index] = static_cast<char>(index * 167);
  return bytes;
}

TEST(FileStore, GivesBackAFileAndEveryByteOfIt) {
  TemporaryDatabase database;
  for (const size_t length : {0, 1, 2, 3, 4096, 3'000'001}) {
    const std::string id = "file-" + std::to_string(length);
    const std::string content = all_bytes(length);
    const auto added = database->files().add({.id = id,
                                              .owner = "alice",
                                              .created_at = 1'700'000'000,
                                              .name = "it's \"odd\".bin",
                                              .purpose = "user_data"},
                                             content);
    ASSERT_TRUE(added) << added.error().message;
    EXPECT_EQ(added->bytes, static_cast<int64_t>(length));
    const auto found = database->files().find(id, "alice");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->created_at, 1'700'000'000);
    EXPECT_EQ(found->name, "it's \"odd\".bin");
    EXPECT_EQ(found->purpose, "user_data");
    EXPECT_EQ(found->bytes, static_cast<int64_t>(length));
    EXPECT_TRUE(database->files().content(id, "alice") == content);
  }
}

TEST(FileStore, ListsAnOwnersFilesInPagesAndByPurpose) {
  TemporaryDatabase database;
  FileStore& files = database->files();
  const auto add = [&](const char* id, const char* owner, const char* purpose) {
    ASSERT_TRUE(files.add({.id = id, .owner = owner, .purpose = purpose}, "x"));
  };
  add("file-1", "alice", "user_data");
  add("file-2", "alice", "vision");
  add("file-3", "bob", "user_data");
  add("file-4", "alice", "user_data");
  EXPECT_THAT(ids_of(files.list("alice", "", {})), ElementsAre("file-4", "file-2", "file-1"));
  EXPECT_THAT(ids_of(files.list("alice", "user_data", {.ascending = true})),
              ElementsAre("file-1", "file-4"));
  const auto page = files.list("alice", "", {.limit = 2, .ascending = true});
  EXPECT_THAT(ids_of(page), ElementsAre("file-1", "file-2"));
  EXPECT_TRUE(page->has_more);
  const auto rest = files.list("alice", "", {.limit = 2, .after = "file-2", .ascending = true});
  EXPECT_THAT(ids_of(rest), ElementsAre("file-4"));
  EXPECT_FALSE(rest->has_more);
  EXPECT_THAT(ids_of(files.list("carol", "", {})), IsEmpty());
  EXPECT_EQ(files.list("alice", "", {.after = "file-3"}).error().code, ErrorCode::NotFound);
}

TEST(FileStore, NothingIsToldToAnotherOwnerOrChangedByOne) {
  TemporaryDatabase database;
  FileStore& files = database->files();
  ASSERT_TRUE(files.add({.id = "file-1", .owner = "alice"}, "secret"));
  for (const char* stranger : {"bob", ""}) {
    EXPECT_EQ(files.find("file-1", stranger).error().code, ErrorCode::NotFound);
    EXPECT_EQ(files.content("file-1", stranger).error().code, ErrorCode::NotFound);
    EXPECT_EQ(files.erase("file-1", stranger).error().code, ErrorCode::NotFound);
    EXPECT_EQ(files.add({.id = "file-1", .owner = stranger}, "mine").error().code,
              ErrorCode::Conflict);
  }
  EXPECT_EQ(files.content("file-1", "alice"), "secret");
}

TEST(FileStore, AnErasedFileIsGoneWithItsContent) {
  TemporaryDatabase database;
  FileStore& files = database->files();
  ASSERT_TRUE(files.add({.id = "file-1"}, "one"));
  ASSERT_TRUE(files.erase("file-1", ""));
  EXPECT_EQ(files.content("file-1", "").error().message,
            "There is no file file-1: it was never uploaded, or it was deleted.");
  ASSERT_TRUE(files.add({.id = "file-1"}, "two"));
  EXPECT_EQ(files.content("file-1", ""), "two");
}

}  // namespace
}  // namespace melete::store
