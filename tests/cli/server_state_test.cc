// Where a server keeps its state, and what happens where it cannot.

#include "cli/server_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "cli/text_terminal.h"
#include "store/stored_things.h"

namespace melete::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class ServerStateTest : public testing::Test {
 protected:
  void SetUp() override { setenv("XDG_STATE_HOME", folder.path().c_str(), 1); }
  void TearDown() override { unsetenv("XDG_STATE_HOME"); }

  // A file where a folder is to be.
  std::filesystem::path no_folder() const {
    const auto path = folder.path() / "melete";
    std::ofstream(path) << "in the way";
    return path;
  }

  const store::TemporaryFolder folder;
  TextTerminal said;
};

TEST_F(ServerStateTest, IsInTheUsersStateDirectory) {
  const auto state = open_server_state({}, said.terminal);
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_TRUE(state->database);
  EXPECT_TRUE(state->seal);
  EXPECT_TRUE(state->lock);
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "melete" / "melete.db"));
}

TEST_F(ServerStateTest, IsLockedByTheFirstServerOnIt) {
  const auto first = open_server_state({.data = folder.path()}, said.terminal);
  const auto second = open_server_state({.data = folder.path()}, said.terminal);
  ASSERT_TRUE(first && second);
  EXPECT_TRUE(first->lock);
  EXPECT_TRUE(second->database);
  EXPECT_FALSE(second->lock);
}

TEST_F(ServerStateTest, AUsualFolderThatDoesNotWorkIsToldAndDoneWithout) {
  no_folder();
  const auto state = open_server_state({}, said.terminal);
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_FALSE(state->database);
  EXPECT_THAT(said.text(), HasSubstr("nothing will be stored"));
}

TEST_F(ServerStateTest, AFolderThatWasAskedForMustWork) {
  const auto state = open_server_state({.data = no_folder()}, said.terminal);
  ASSERT_FALSE(state);
  EXPECT_THAT(state.error().message, HasSubstr("its folder must exist"));
}

TEST_F(ServerStateTest, AFolderThatCannotBeMadeIsToldOf) {
  const auto state = open_server_state({.data = "/proc/melete"}, said.terminal);
  ASSERT_FALSE(state);
  EXPECT_THAT(state.error().message, HasSubstr("make it, or name another"));
}

TEST_F(ServerStateTest, AFileThatIsNoDatabaseIsToldOfAndLeftAlone) {
  const auto file = folder.path() / "melete.db";
  std::ofstream(file) << std::string(5000, 'x');
  const auto state = open_server_state({.data = folder.path()}, said.terminal);
  ASSERT_FALSE(state);
  EXPECT_THAT(
      state.error().message,
      AllOf(HasSubstr("put a copy in its place, or name another file"), HasSubstr(file.string())));
  EXPECT_EQ(std::filesystem::file_size(file), 5000U);
}

TEST_F(ServerStateTest, IsNotThereWhereNothingIsToBeStored) {
  const auto state = open_server_state({.store = false}, said.terminal);
  ASSERT_TRUE(state);
  EXPECT_FALSE(state->database);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "melete"));
}

}  // namespace
}  // namespace melete::cli
