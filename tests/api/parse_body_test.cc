// A body is a JSON object, or the caller is shown one.

#include "api/parse_body.h"

#include <gtest/gtest.h>

namespace melete::api {
namespace {

TEST(ParseBody, GivesAnObject) {
  EXPECT_EQ((*parse_body(R"({"input": "Hi"})", "{}"))["input"], "Hi");
}

TEST(ParseBody, ShowsAnExampleInThePlaceOfAnythingElse) {
  for (const char* body : {"[]", "1", "null", "\"input\""}) {
    const auto json = parse_body(body, R"({"input": "Hello"})");
    ASSERT_FALSE(json) << body;
    EXPECT_EQ(json.error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(json.error().message,
              R"(The body must be a JSON object, such as {"input": "Hello"}.)");
  }
}

TEST(ParseBody, RefusesWhatIsNoJson) {
  EXPECT_EQ(parse_body("{", "{}").error().code, ErrorCode::InvalidArgument);
}

}  // namespace
}  // namespace melete::api
