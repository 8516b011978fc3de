// Pictures and sounds as files.

#include "data/media_file.h"

#include <gmock/gmock.h>

#include <cmath>
#include <fstream>

#include "train/media_files.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

using testing::HasSubstr;
using testing::Pointwise;

Picture striped(int width, int height) {
  Picture picture{width, height, {}};
  for (int i = 0; i < 3 * width * height; ++i) picture.pixels.push_back(i * 37 % 256);
  return picture;
}

TEST(MediaFile, APictureComesBackAsItWas) {
  const TemporaryFolder folder;
  const Picture picture = striped(13, 7);
  ASSERT_TRUE(write_picture(folder / "a.png", picture));
  EXPECT_EQ(*read_picture(folder / "a.png"), picture);
  std::ofstream(folder / "a.bmp", std::ios::binary) << *bmp_of(picture);
  EXPECT_EQ(*read_picture(folder / "a.bmp"), picture);
}

TEST(MediaFile, ASoundComesBackButForRounding) {
  const TemporaryFolder folder;
  Sound sound(5000);
  for (size_t i = 0; i < sound.size(); ++i) {
    sound[i] = 0.8F * std::sin(static_cast<float>(i) * 0.1F);
  }
  ASSERT_TRUE(write_sound(folder / "a.flac", sound));
  EXPECT_THAT(*read_sound(folder / "a.flac"), Pointwise(testing::FloatNear(1e-4), sound));
  std::ofstream(folder / "a.wav", std::ios::binary) << *wav_of(sound);
  EXPECT_THAT(*read_sound(folder / "a.wav"), Pointwise(testing::FloatNear(1e-4), sound));
}

TEST(MediaFile, WhatIsNoneIsRefusedByName) {
  const TemporaryFolder folder;
  std::ofstream(folder / "a.png") << "a text";
  std::ofstream(folder / "empty.wav") << *wav_of({});
  for (const Error& error :
       {read_picture(folder / "a.png").error(), read_picture(folder / "none.png").error(),
        read_sound(folder / "a.png").error(), read_sound(folder / "none.wav").error(),
        read_sound(folder / "empty.wav").error()}) {
    EXPECT_EQ(error.code, ErrorCode::Corrupt);
    EXPECT_THAT(error.message, HasSubstr(error.parameter));
  }
}

// The header alone claims it: nothing of that size is allocated.
TEST(MediaFile, APictureThatIsTooLargeIsRefused) {
  const TemporaryFolder folder;
  std::string bmp = *bmp_of(striped(2, 2));
  bmp.replace(18, 8, little_endian(60'000, 4) + little_endian(60'000, 4));
  std::ofstream(folder / "bomb.bmp", std::ios::binary) << bmp;
  const Result<Picture> picture = read_picture(folder / "bomb.bmp");
  ASSERT_FALSE(picture);
  EXPECT_THAT(picture.error().message, HasSubstr("64000000 pixels"));
}

TEST(MediaFile, AFolderThatIsMissingIsAnError) {
  const TemporaryFolder folder;
  EXPECT_EQ(write_picture(folder / "none/a.png", striped(2, 2)).error().code,
            ErrorCode::StorageFull);
  EXPECT_EQ(write_sound(folder / "none/a.flac", Sound(100)).error().code, ErrorCode::StorageFull);
}

}  // namespace
}  // namespace melete::train
