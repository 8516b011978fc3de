// `melete serve` with a model that is not here once only named the command; a person is asked.

#include "cli/missing_model.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "models/sample_files.h"

namespace melete::cli {
namespace {

using testing::HasSubstr;

// A catalogue whose one model "sample" is a file of this machine.
class MissingModelTest : public testing::Test {
 protected:
  MissingModelTest() {
    const auto file = temporary_.path() / "source.gguf";
    const std::string content = models::sample_gguf();
    models::write_file(file, content);
    const std::string toml = fmt::format(
        "[[model]]\nname = \"sample\"\nfile = \"sample.gguf\"\nbytes = {}\n"
        "sources = [{{ kind = \"file\", file = \"{}\" }}]\n",
        content.size(), file.string());
    auto catalogue = models::Catalogue::parse(toml, "test.toml");
    EXPECT_TRUE(catalogue) << catalogue.error().message;
    library_.emplace(std::move(*catalogue), models::ModelDirectory(temporary_.path() / "models"));
  }

  Result<void> offer(const std::string& model, const std::string& typed, bool interactive = true) {
    Terminal terminal(screen_, {.interactive = interactive});
    std::istringstream answers(typed);
    return offer_if_missing(*library_, model, terminal, answers);
  }

  const models::TemporaryDirectory temporary_;
  std::optional<models::ModelLibrary> library_;
  std::ostringstream screen_;
};

TEST_F(MissingModelTest, IsPulledWhenThePersonAgrees) {
  ASSERT_TRUE(offer("sample", "\n"));
  EXPECT_THAT(screen_.str(), HasSubstr("sample is not on this machine yet. Pull it now ("));
  EXPECT_TRUE(library_->resolve("sample"));
}

TEST_F(MissingModelTest, IsLeftWhenThePersonDoesNot) {
  ASSERT_TRUE(offer("sample", "n\n"));
  EXPECT_THAT(library_->resolve("sample").error().message, HasSubstr("melete pull sample"));
}

TEST_F(MissingModelTest, IsNotOfferedWhereNobodyLooks) {
  ASSERT_TRUE(offer("sample", "y\n", false));
  EXPECT_EQ(screen_.str(), "");
  EXPECT_FALSE(library_->resolve("sample"));
}

TEST_F(MissingModelTest, IsNotOfferedWhenTheCatalogueDoesNotKnowIt) {
  ASSERT_TRUE(offer("nobody", "y\n"));
  EXPECT_EQ(screen_.str(), "");
}

}  // namespace
}  // namespace melete::cli
