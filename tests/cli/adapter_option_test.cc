// What `--adapter` may say.

#include "cli/adapter_option.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melete::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;

void expect_option(const std::string& text, const std::string& model, const std::string& name,
                   const std::string& file) {
  const auto option = read_adapter_option(text);
  ASSERT_TRUE(option) << option.error().message;
  EXPECT_EQ(option->model, model) << text;
  EXPECT_EQ(option->adapter.name, name) << text;
  EXPECT_EQ(option->adapter.file.string(), file) << text;
}

TEST(AdapterOption, TakesAFileWithOrWithoutNames) {
  expect_option("loras/sql.gguf", "", "sql", "loras/sql.gguf");
  expect_option("sql=loras/a.gguf", "", "sql", "loras/a.gguf");
  expect_option("qwen2.5-coder-1.5b:sql=a.gguf", "qwen2.5-coder-1.5b", "sql", "a.gguf");
}

TEST(AdapterOption, AFolderMayHaveAnEqualsSign) {
  expect_option("./rank=8/sql.gguf", "", "sql", "./rank=8/sql.gguf");
  expect_option("sql=rank=8/a.gguf", "", "sql", "rank=8/a.gguf");
}

TEST(AdapterOption, SaysWhatIsWrong) {
  for (const char* text : {"", "sql=", "=a.gguf", "qwen:=a.gguf", "a b.gguf", "s:q:=a.gguf"}) {
    const auto option = read_adapter_option(text);
    ASSERT_FALSE(option) << text;
    EXPECT_EQ(option.error().code, ErrorCode::InvalidArgument);
    EXPECT_THAT(option.error().message,
                AllOf(HasSubstr(std::string("\"") + text + "\""), HasSubstr("NAME=FILE")));
  }
  EXPECT_THAT(read_adapter_option("thinking=a.gguf").error().message,
              HasSubstr("thinking is the name of a mode"));
}

}  // namespace
}  // namespace melete::cli
