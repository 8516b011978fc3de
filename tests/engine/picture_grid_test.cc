// Shapes of pictures against the length of a projector's position tables.

#include "engine/picture_grid.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/random_model.h"

namespace melete::engine {
namespace {

// How gemma4uv lays a picture onto patches of 16 pixels, 70 to 1120 of them (notes of the tiny
// models).
struct Grid {
  int64_t columns;
  int64_t rows;
};

Grid grid_of(const media::ImageSize& size) {
  constexpr double kPatch = 16, kFewest = 70 * 256, kMost = 1120 * 256;
  const auto width = static_cast<double>(size.width);
  const auto height = static_cast<double>(size.height);
  double columns = std::max(1.0, std::round(width / kPatch));
  double rows = std::max(1.0, std::round(height / kPatch));
  if (columns * rows * 256 > kMost) {
    const double shrink = std::sqrt(width * height / kMost);
    columns = std::max(1.0, std::floor(width / shrink / kPatch));
    rows = std::max(1.0, std::floor(height / shrink / kPatch));
  } else if (columns * rows * 256 < kFewest) {
    const double grow = std::sqrt(kFewest / (width * height));
    columns = std::ceil(width * grow / kPatch);
    rows = std::ceil(height * grow / kPatch);
  }
  return {static_cast<int64_t>(columns), static_cast<int64_t>(rows)};
}

TEST(PictureGrid, NeverLetsASideExceedTheTables) {
  for (const int64_t table : {40, 118, 256, 473, 1120}) {
    const PictureGrid grid{.rows = table};
    for (int64_t width = 1; width < 9000; width += 1 + width / 7) {
      for (int64_t height = std::max<int64_t>(1, width / 200);
           height <= 200 * width && height < 9000; height += 1 + height / 5) {
        const media::ImageSize size{width, height};
        const Grid patches = grid_of(size);
        if (!grid.fits(size, patches.columns * patches.rows)) continue;
        EXPECT_LE(std::max(patches.columns, patches.rows), table) << width << " by " << height;
      }
    }
  }
}

TEST(PictureGrid, TakesUsualShapes) {
  const PictureGrid grid{.rows = 256};
  for (const media::ImageSize size : {media::ImageSize{1600, 1200}, {1080, 1920}, {4000, 500}}) {
    const Grid patches = grid_of(size);
    EXPECT_TRUE(grid.fits(size, patches.columns * patches.rows)) << size.width;
  }
  EXPECT_TRUE(PictureGrid{}.fits({100000, 1}, 1000000)) << "no tables, no bound";
}

TEST(PictureGrid, IsReadFromTheProjector) {
  const TemporaryFolder folder;
  write_random_projector(folder / "patches.gguf", {.position_rows = 77});
  write_random_projector(folder / "squares.gguf", {.eyes = Eyes::Squares});
  EXPECT_EQ(read_picture_grid(folder / "patches.gguf").rows, 77);
  EXPECT_EQ(read_picture_grid(folder / "squares.gguf").rows, 0);
  EXPECT_EQ(read_picture_grid(folder / "none.gguf").rows, 0);
}

}  // namespace
}  // namespace melete::engine
