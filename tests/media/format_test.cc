// First bytes of files and the format they tell.

#include "media/format.h"

#include <gtest/gtest.h>

#include "media/media_bytes.h"

namespace melete::media {
namespace {

struct Case {
  std::string bytes;
  Format expected;
};

TEST(Format, IsToldByTheFirstBytes) {
  const Case cases[] = {
      {png_header(1, 1), Format::Png},
      {jpeg_header(1, 1), Format::Jpeg},
      {gif_header(1, 1), Format::Gif},
      {bmp_header(1, 1), Format::Bmp},
      {"RIFF....WEBPVP8 ", Format::Webp},
      {wav_file({}), Format::Wav},
      {mp3_file(1), Format::Mp3},
      {"ID3\x04.......", Format::Mp3},
      {flac_header(16000, 5), Format::Flac},
      {"", Format::Unknown},
      {"GIF", Format::Unknown},
      {"RIFF....AVI ", Format::Unknown},
      {"\xFF\xE8\x90\x64", Format::Unknown},  // a reserved version of MPEG
      {"%PDF-1.7", Format::Unknown},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(name_of(sniff(c.bytes)), name_of(c.expected)) << testing::PrintToString(c.bytes);
  }
}

TEST(Format, IsAPictureOrASoundOrNeither) {
  EXPECT_TRUE(is_image(Format::Webp));
  EXPECT_FALSE(is_sound(Format::Webp));
  EXPECT_TRUE(is_sound(Format::Mp3));
  EXPECT_FALSE(is_image(Format::Mp3));
  EXPECT_FALSE(is_image(Format::Unknown) || is_sound(Format::Unknown));
}

}  // namespace
}  // namespace melete::media
