// A sealed text opens with any key of the file, for its owner and purpose, and only unchanged.

#include "store/seal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "store/stored_things.h"

namespace melete::store {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

constexpr auto kReasoning = SealPurpose::Reasoning;
constexpr auto kOther = static_cast<SealPurpose>(77);

const std::string kFirstKey = "0000000a " + std::string(64, '1');
const std::string kSecondKey = "0000000b " + std::string(64, '2');

class SealTest : public testing::Test {
 protected:
  fs::path file() const { return folder_.path() / "seal.keys"; }

  Seal open_seal(SealPurpose purpose = kReasoning) const {
    auto seal = Seal::open(file(), purpose);
    if (!seal) throw std::runtime_error(seal.error().message);
    return *seal;
  }

  void write_keys(const std::string& text) const {
    std::ofstream(file(), std::ios::trunc) << text;
    chmod(file().c_str(), 0600);
  }

  void expect_refused(const Seal& seal, const std::string& sealed, const char* words,
                      const char* owner = "alice") const {
    const auto opened = seal.open(sealed, owner);
    ASSERT_FALSE(opened) << sealed;
    EXPECT_EQ(opened.error().code, ErrorCode::InvalidArgument);
    EXPECT_THAT(opened.error().message, HasSubstr(words));
  }

  TemporaryFolder folder_;
};

TEST_F(SealTest, GivesBackWhatItSealed) {
  const Seal seal = open_seal();
  for (const size_t length : {0, 1, 2, 3, 1000, 1'000'000}) {
    const std::string text(length, '\xE9');
    const std::string sealed = seal.seal(text, "alice");
    EXPECT_TRUE(seal.open(sealed, "alice") == text);
    EXPECT_EQ(sealed.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789-_."),
              std::string::npos);
    EXPECT_LE(sealed.size(), length * 4 / 3 + 67);
  }
}

TEST_F(SealTest, SealsTheSameTextDifferentlyEachTime) {
  const Seal seal = open_seal();
  EXPECT_NE(seal.seal("thought", "alice"), seal.seal("thought", "alice"));
}

TEST_F(SealTest, AnotherNodeWithTheFileOpensIt) {
  const std::string sealed = open_seal().seal("thought", "alice");
  EXPECT_EQ(open_seal().open(sealed, "alice"), "thought");
}

TEST_F(SealTest, AnotherOwnerCannotOpenIt) {
  const Seal seal = open_seal();
  const std::string sealed = seal.seal("thought", "alice");
  expect_refused(seal, sealed, "another caller's", "bob");
  expect_refused(seal, sealed, "another caller's", "");
}

TEST_F(SealTest, AnotherPurposeHasAnotherKey) {
  expect_refused(open_seal(kOther), open_seal().seal("thought", "alice"), "changed");
}

TEST_F(SealTest, AnyChangeIsNoticed) {
  const Seal seal = open_seal();
  const std::string sealed = seal.seal("thought", "alice");
  for (size_t index = 0; index < sealed.size(); ++index) {
    std::string changed = sealed;
    changed[index] = changed[index] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(seal.open(changed, "alice")) << index;
    EXPECT_FALSE(seal.open(sealed.substr(0, index), "alice")) << index;
  }
  EXPECT_FALSE(seal.open(sealed + "A", "alice"));
}

TEST_F(SealTest, WhatWasNeverSealedIsCalledSo) {
  const Seal seal = open_seal();
  expect_refused(seal, "", "not of this server");
  expect_refused(seal, "gAAAAABfromElsewhere", "not of this server");
  expect_refused(seal, "seal1.", "cut or changed");
  expect_refused(seal, "seal1.AAAA", "cut or changed");
  expect_refused(seal, "seal1.\"'\n" + std::string(100, 'A'), "cut or changed");
  expect_refused(seal, "seal1." + std::string(100, 'A'), "key is not, or no longer, known");
}

TEST_F(SealTest, TheFirstKeySealsAndAllOpen) {
  write_keys(kFirstKey + "\n");
  const std::string old = open_seal().seal("old", "alice");
  write_keys("# rotated in March\n\n" + kSecondKey + "\n" + kFirstKey);
  const Seal both = open_seal();
  EXPECT_EQ(both.open(old, "alice"), "old");
  const std::string fresh = both.seal("fresh", "alice");
  write_keys(kSecondKey);
  EXPECT_EQ(open_seal().open(fresh, "alice"), "fresh");
  expect_refused(open_seal(), old, "key is not, or no longer, known");
}

TEST_F(SealTest, AKeyFileIsMadeOnceForItsOwnerAlone) {
  open_seal();
  struct stat made{};
  ASSERT_EQ(stat(file().c_str(), &made), 0);
  EXPECT_EQ(made.st_mode & 0777, 0600U);
  std::stringstream text;
  text << std::ifstream(file()).rdbuf();
  EXPECT_THAT(text.str(), testing::MatchesRegex("[0-9a-f]{8} [0-9a-f]{64}\n"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 1);
}

TEST_F(SealTest, AKeyFileThatOthersMayReadIsRefused) {
  open_seal();
  for (const mode_t mode : {0640, 0604, 0620}) {
    chmod(file().c_str(), mode);
    const auto seal = Seal::open(file(), kReasoning);
    ASSERT_FALSE(seal);
    EXPECT_EQ(seal.error().code, ErrorCode::Forbidden);
    EXPECT_THAT(seal.error().message, HasSubstr("chmod 600"));
  }
}

TEST_F(SealTest, ADamagedKeyFileIsNamedWithItsLine) {
  struct Row {
    std::string text;
    const char* words;
  };
  const std::vector<Row> rows{
      {"", "holds no key"},
      {"# none yet\n", "holds no key"},
      {kFirstKey + "\nhello\n", "damaged in line 2"},
      {kFirstKey.substr(1), "damaged in line 1"},
      {kFirstKey + "0", "damaged in line 1"},
      {"0000000a:" + std::string(64, '1'), "damaged in line 1"},
      {"0000000a " + std::string(64, 'g'), "damaged in line 1"},
      {kFirstKey + "\n" + kSecondKey + "\n" + kFirstKey, "the id of line 3 twice"},
  };
  for (const Row& row : rows) {
    write_keys(row.text);
    const auto seal = Seal::open(file(), kReasoning);
    ASSERT_FALSE(seal) << row.text;
    EXPECT_EQ(seal.error().code, ErrorCode::Corrupt);
    EXPECT_THAT(seal.error().message, StartsWith("The key file " + file().string()));
    EXPECT_THAT(seal.error().message, HasSubstr(row.words));
  }
}

TEST_F(SealTest, AKeyFileThatCannotBeMadeOrReadIsNamed) {
  const auto nowhere = Seal::open(folder_.path() / "missing" / "seal.keys", kReasoning);
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::StorageFull);
  EXPECT_THAT(nowhere.error().message, HasSubstr("cannot be made"));
  const auto folder = Seal::open(folder_.path(), kReasoning);
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, ErrorCode::Unavailable);
}

}  // namespace
}  // namespace melete::store
