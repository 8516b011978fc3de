// JSON comes in within its limits or as an error that says where; it goes out always.

#include "base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace melete {
namespace {

using ::testing::HasSubstr;

std::string nested_arrays(int depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST(ParseJson, KeepsTheOrderOfFields) {
  const Result<Json> value = parse_json(R"({"z":1,"a":[true,null,"é"]})");
  ASSERT_TRUE(value.has_value()) << value.error().message;
  EXPECT_EQ(write_json(*value), R"({"z":1,"a":[true,null,"é"]})");
}

TEST(ParseJson, SaysWhereTheSyntaxBreaks) {
  const Result<Json> value = parse_json(R"({"a": 1,})");
  ASSERT_FALSE(value.has_value());
  EXPECT_EQ(value.error().code, ErrorCode::InvalidArgument);
  EXPECT_THAT(value.error().message, HasSubstr("byte 9"));
}

TEST(ParseJson, RefusesWhatIsNotOneDocument) {
  for (const char* text : {"", " ", "{}{}", "[1", "nul", "{'a':1}", "\"open"}) {
    const Result<Json> value = parse_json(text);
    ASSERT_FALSE(value.has_value()) << text;
    EXPECT_EQ(value.error().code, ErrorCode::InvalidArgument) << text;
  }
}

TEST(ParseJson, RefusesInvalidUtf8) {
  for (const char* text : {"\"\xff\"", "\"\xc3\"", "\"\xed\xa0\x80\"", "\"\xc0\xaf\""}) {
    const Result<Json> value = parse_json(text);
    ASSERT_FALSE(value.has_value());
    EXPECT_EQ(value.error().code, ErrorCode::InvalidArgument);
  }
}

TEST(ParseJson, TakesExactlyTheDepthItAllows) {
  EXPECT_TRUE(parse_json(nested_arrays(128)).has_value());
  const Result<Json> deeper = parse_json(nested_arrays(129));
  ASSERT_FALSE(deeper.has_value());
  EXPECT_EQ(deeper.error().code, ErrorCode::InvalidArgument);
  EXPECT_THAT(deeper.error().message, HasSubstr("128"));

  EXPECT_TRUE(parse_json(R"({"a":1})", {.depth = 1}).has_value());
  EXPECT_FALSE(parse_json(R"({"a":[]})", {.depth = 1}).has_value());
}

TEST(ParseJson, SurvivesAMillionOpenBrackets) {
  EXPECT_FALSE(parse_json(std::string(1'000'000, '[')).has_value());
  EXPECT_FALSE(parse_json(nested_arrays(1'000'000)).has_value());
}

std::string object_of(int members) {
  std::string text = "{";
  for (int i = 0; i < members; ++i) text += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":0";
  return text + "}";
}

TEST(ParseJson, RefusesAnObjectThatWouldTakeLong) {
  EXPECT_TRUE(parse_json(object_of(5'000)).has_value());
  const Result<Json> wide = parse_json(object_of(1'000'000));
  ASSERT_FALSE(wide.has_value());
  EXPECT_EQ(wide.error().code, ErrorCode::InvalidArgument);
  EXPECT_THAT(wide.error().message, HasSubstr("members"));
}

TEST(ParseJson, ReadsManyObjectsInTimeThatGrowsWithThem) {
  std::string text = "[";
  for (int i = 0; i < 300'000; ++i) text += "{},";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(parse_json(text + "0]").has_value());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(ParseJson, CountsTheMembersOfEachObjectAlone) {
  std::string text = "[";
  for (int i = 0; i < 1'000; ++i) text += R"({"a":{"b":1},"c":[2,{"d":3}],"e":4},)";
  EXPECT_TRUE(parse_json(text + "0]").has_value());
}

TEST(WriteJson, ReplacesInvalidUtf8) {
  EXPECT_EQ(write_json(Json{{"text",
                             "a\xff"
                             "b"}}),
            "{\"text\":\"a\xef\xbf\xbd"
            "b\"}");
}

}  // namespace
}  // namespace melete
