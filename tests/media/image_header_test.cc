// Headers of pictures: the sizes they state, and those that no decoder may see.

#include "media/image_header.h"

#include <gtest/gtest.h>

#include "media/media_bytes.h"

namespace melete::media {
namespace {

TEST(ImageHeader, StatesTheSizeInEveryFormat) {
  const std::string pictures[] = {png_header(640, 480), jpeg_header(640, 480), gif_header(640, 480),
                                  bmp_header(640, 480), bmp_header(640, -480)};
  for (const std::string& picture : pictures) {
    const Result<ImageSize> size = check_image(picture, "image");
    ASSERT_TRUE(size) << size.error().message;
    EXPECT_EQ(size->width, 640);
    EXPECT_EQ(size->height, 480);
  }
}

TEST(ImageHeader, OldBitmapsHaveSidesOfSixteenBits) {
  const std::string picture = "BM" + std::string(12, '\0') + little_bytes(12, 4) +
                              little_bytes(30, 2) + little_bytes(20, 2);
  const Result<ImageSize> size = check_image(picture, "image");
  ASSERT_TRUE(size) << size.error().message;
  EXPECT_EQ(size->width, 30);
  EXPECT_EQ(size->height, 20);
}

struct Refusal {
  std::string bytes;
  ErrorCode code;
  std::string text;
};

TEST(ImageHeader, RefusesWhatNoDecoderShouldSee) {
  const Refusal cases[] = {
      {png_header(8001, 8000), ErrorCode::TooLarge, "8001 by 8000 pixels"},
      {png_header(0xFFFFFFFF, 0xFFFFFFFF), ErrorCode::TooLarge, "4294967295 by 4294967295"},
      {bmp_header(1000, INT32_MIN), ErrorCode::TooLarge, "2147483648"},
      {png_header(0, 10), ErrorCode::InvalidArgument, "0 by 10 pixels"},
      {gif_header(10, 0), ErrorCode::InvalidArgument, "10 by 0 pixels"},
      {jpeg_header(20000, 3), ErrorCode::InvalidArgument, "long and thin"},
      {png_header(1, 201), ErrorCode::InvalidArgument, "long and thin"},
      {"RIFF....WEBPVP8 ", ErrorCode::Unsupported, "convert it to PNG"},
      {"hello", ErrorCode::InvalidArgument, "5 bytes that are not"},
      {"", ErrorCode::InvalidArgument, "0 bytes that are not"},
      {mp3_file(1), ErrorCode::InvalidArgument, "are not a PNG"},
  };
  for (const Refusal& c : cases) {
    const Result<ImageSize> size = check_image(c.bytes, "messages[0].content[1]");
    ASSERT_FALSE(size) << c.text;
    EXPECT_EQ(name_of(size.error().code), name_of(c.code)) << c.text;
    EXPECT_NE(size.error().message.find(c.text), std::string::npos) << size.error().message;
    EXPECT_EQ(size.error().parameter, "messages[0].content[1]");
  }
}

TEST(ImageHeader, AcceptsWhatLiesExactlyAtTheLimits) {
  EXPECT_TRUE(check_image(png_header(8000, 8000), "image"));
  EXPECT_TRUE(check_image(png_header(200, 1), "image"));
  EXPECT_TRUE(check_image(png_header(1, 1), "image"));
}

TEST(ImageHeader, EveryCutOfAHeaderIsRefused) {
  const std::string pictures[] = {png_header(64, 64), jpeg_header(64, 64), gif_header(64, 64),
                                  bmp_header(64, 64)};
  for (const std::string& picture : pictures) {
    const size_t needed = picture.starts_with("GIF") ? 10 : picture.size();
    for (size_t length = 0; length < needed; ++length) {
      EXPECT_FALSE(check_image(std::string_view(picture).substr(0, length), "image")) << length;
    }
  }
}

}  // namespace
}  // namespace melete::media
