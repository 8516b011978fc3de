// Base64 texts and data URLs, right and wrong, and the bytes or errors they give.

#include "media/data_url.h"

#include <gtest/gtest.h>

namespace melete::media {
namespace {

TEST(Base64, DecodesBothAlphabetsWithAndWithoutPadding) {
  const std::pair<std::string, std::string> cases[] = {
      {"", ""},
      {"TQ==", "M"},
      {"TWE=", "Ma"},
      {"TWFu", "Man"},
      {"TWE", "Ma"},
      {"TWFu\r\nTWFu\n", "ManMan"},
      {"+/+/", "\xFB\xFF\xBF"},
      {"-_-_", "\xFB\xFF\xBF"},
  };
  for (const auto& [text, bytes] : cases) {
    const Result<std::string> decoded = decode_base64(text, "image");
    ASSERT_TRUE(decoded) << text;
    EXPECT_EQ(*decoded, bytes) << text;
  }
}

TEST(Base64, SaysWhereItIsWrong) {
  const Result<std::string> wrong = decode_base64("TWF*", "image_url");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message, "Character 4 is not base64 (byte value 42).");
  EXPECT_EQ(wrong.error().parameter, "image_url");
  EXPECT_FALSE(decode_base64("TWFuT", "image"));
  EXPECT_FALSE(decode_base64("TQ==TQ==", "image"));
}

TEST(DataUrl, IsATypeAndBytes) {
  const Result<DataUrl> url = parse_data_url("data:image/png;base64,TWFu", "image");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->media_type, "image/png");
  EXPECT_EQ(url->bytes, "Man");
  EXPECT_EQ(parse_data_url("data:audio/wav;codecs=1;base64,TWFu", "a")->media_type, "audio/wav");
  EXPECT_EQ(parse_data_url("data:;base64,", "a")->bytes, "");
}

TEST(DataUrl, RefusesOtherForms) {
  for (const char* text : {"", "image/png;base64,TWFu", "data:image/png;base64", "data:,hello",
                           "data:text/plain,hello", "data:image/png;base64,T*Fu"}) {
    const Result<DataUrl> url = parse_data_url(text, "image");
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code, ErrorCode::InvalidArgument) << text;
  }
}

}  // namespace
}  // namespace melete::media
