// Pictures that are drawn on several threads at once.

#include "data/canvas.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace melete::train {
namespace {

std::vector<uint8_t> written(uint64_t seed) {
  Random random(seed);
  Canvas canvas(120, 60, {1, 1, 1});
  canvas.choose_font(random.uniform(8, 30), random);
  canvas.write("Owls 123", 60, 40, {0, 0, 0}, Canvas::Anchor::Middle);
  return canvas.photograph(random).pixels;
}

// Cairo's fonts are not for several threads at once.
TEST(Canvas, ThreadsDoNotDisturbEachOthersText) {
  constexpr uint64_t kPictures = 200;
  std::vector<std::vector<uint8_t>> alone;
  for (uint64_t seed = 0; seed < kPictures; ++seed) alone.push_back(written(seed));
  std::vector<int> same(4);
  {
    std::vector<std::jthread> threads;
    for (int& count : same) {
      threads.emplace_back([&] {
        for (uint64_t seed = 0; seed < kPictures; ++seed) count += written(seed) == alone[seed];
      });
    }
  }
  EXPECT_EQ(same, std::vector<int>(4, kPictures));
}

}  // namespace
}  // namespace melete::train
