// A database that this user may read and not write, as one that another user made.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "store/child_process.h"
#include "store/stored_things.h"

namespace melete::store {
namespace {

namespace fs = std::filesystem;
using testing::AnyOf;

// What another user is told who opens the file; a status that is no code where it opens.
int code_for_another_user(const fs::path& file) {
  constexpr uid_t kNobody = 65534;
  constexpr int kOpened = 100;
  ChildProcess other([&](const auto& /*tell*/) {
    if (geteuid() == 0 && setuid(kNobody) != 0) return kOpened + 1;
    const auto database = Database::open(file);
    return database ? kOpened : static_cast<int>(database.error().code);
  });
  return other.wait();
}

TEST(UnwritableDatabase, IsRefusedAndLeftAlone) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "melete.db";
  ASSERT_TRUE((*Database::open(file))->responses().insert(sample_response("resp_1")));
  fs::permissions(file, fs::perms(0444));
  fs::permissions(folder.path(), fs::perms(0555));
  const int code = code_for_another_user(file);
  fs::permissions(folder.path(), fs::perms(0700));
  fs::permissions(file, fs::perms(0600));
  EXPECT_THAT(code, AnyOf(static_cast<int>(ErrorCode::Unavailable),
                          static_cast<int>(ErrorCode::StorageFull)));
  EXPECT_TRUE((*Database::open(file))->responses().find("resp_1", "alice"));
}

}  // namespace
}  // namespace melete::store
