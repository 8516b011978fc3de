// The plainest picture and sound pass the checks of real ones.

#include "media/samples.h"

#include <gtest/gtest.h>

#include "media/image_header.h"
#include "media/sound_header.h"

namespace melete::media {
namespace {

TEST(Samples, AreAPictureAndASound) {
  const Result<ImageSize> size = check_image(black_square(30), "picture");
  ASSERT_TRUE(size) << size.error().message;
  EXPECT_EQ(size->width, 30);
  EXPECT_EQ(size->height, 30);
  EXPECT_EQ(black_square(30).size(), 54U + 30 * 92) << "rows are padded to four bytes";

  const Result<SoundLength> length = check_sound(silence(800), "sound");
  ASSERT_TRUE(length) << length.error().message;
  EXPECT_EQ(length->frames, 800);
  EXPECT_EQ(length->sample_rate, 16000);
}

}  // namespace
}  // namespace melete::media
