// The square that a model sees of a picture.

#include "senses/picture.h"

#include <gmock/gmock.h>

namespace melete::train {
namespace {

using testing::Each;

Picture plain(int width, int height, uint8_t shade) {
  return {width, height, std::vector<uint8_t>(size_t{3} * width * height, shade)};
}

uint8_t red_at(const Picture& picture, int x, int y) {
  return picture.pixels[size_t{3} * (static_cast<size_t>(y) * picture.width + x)];
}

TEST(FitIntoSquare, LeavesASquareOfTheRightSizeAlone) {
  Picture picture = plain(4, 4, 0);
  picture.pixels[7] = 200;
  EXPECT_EQ(fit_into_square(picture, 4).pixels, picture.pixels);
}

TEST(FitIntoSquare, AnEvenShadeStaysExactly) {
  EXPECT_THAT(fit_into_square(plain(37, 37, 201), 16).pixels, Each(201));
  EXPECT_THAT(fit_into_square(plain(1, 1, 77), 16).pixels, Each(77));
}

TEST(FitIntoSquare, CentresOnBlack) {
  const Picture square = fit_into_square(plain(32, 16, 255), 16);
  ASSERT_EQ(square.width, 16);
  ASSERT_EQ(square.height, 16);
  EXPECT_EQ(red_at(square, 8, 3), 0);
  EXPECT_EQ(red_at(square, 8, 4), 255);
  EXPECT_EQ(red_at(square, 0, 11), 255);
  EXPECT_EQ(red_at(square, 0, 12), 0);
}

// Halving: each output weighs four inputs by 1, 3, 3, 1 eighths.
TEST(FitIntoSquare, WeighsNeighboursByATriangle) {
  Picture picture = plain(8, 8, 0);
  for (int y = 0; y < 8; ++y) {
    for (int channel = 0; channel < 3; ++channel) {
      picture.pixels[size_t{3} * (static_cast<size_t>(y) * 8 + 3) + channel] = 80;
    }
  }
  const Picture square = fit_into_square(picture, 4);
  EXPECT_EQ(red_at(square, 0, 1), 0);
  EXPECT_EQ(red_at(square, 1, 1), 30);
  EXPECT_EQ(red_at(square, 2, 1), 10);
  EXPECT_EQ(red_at(square, 3, 1), 0);
}

TEST(FitIntoSquare, AVeryThinPictureKeepsAPixel) {
  const Picture square = fit_into_square(plain(1000, 1, 255), 16);
  EXPECT_EQ(red_at(square, 5, 7), 255);
  EXPECT_EQ(red_at(square, 5, 8), 0);
}

}  // namespace
}  // namespace melete::train
