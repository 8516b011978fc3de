// Numbers along the side of a chart.

#include "curves/axis.h"

#include <gmock/gmock.h>

namespace melete::train {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;

TEST(Axis, TicksAreRoundAndLieAroundTheNumbers) {
  EXPECT_THAT(make_axis(0, 1000, 5).ticks, ElementsAre(0, 200, 400, 600, 800, 1000));
  EXPECT_THAT(make_axis(0, 70, 5).ticks, ElementsAre(0, 20, 40, 60, 80));
  EXPECT_THAT(make_axis(1.3, 2.4, 4).ticks, ElementsAre(1, 1.5, 2, 2.5));
  EXPECT_THAT(make_axis(0, 0.01, 5).ticks.back(), DoubleEq(0.01));
}

TEST(Axis, ANumberAloneHasRoomAroundIt) {
  for (const double value : {0.0, 3.0, -2.0, 1e7}) {
    const Axis axis = make_axis(value, value, 5);
    EXPECT_LE(axis.low(), value);
    EXPECT_GT(axis.high(), value);
  }
}

TEST(Axis, AShareIsAPlaceBetweenItsEnds) {
  const Axis axis = make_axis(0, 70, 5);
  EXPECT_DOUBLE_EQ(axis.share(0), 0);
  EXPECT_DOUBLE_EQ(axis.share(40), 0.5);
  EXPECT_DOUBLE_EQ(axis.share(80), 1);
}

TEST(Axis, NumbersAreShort) {
  for (const auto& [value, text] :
       std::initializer_list<std::pair<double, const char*>>{{0, "0"},
                                                             {0.25, "0.25"},
                                                             {1500, "1500"},
                                                             {20'000, "20k"},
                                                             {3'500'000, "3.5M"},
                                                             {12'000'000'000, "12G"},
                                                             {0.1 + 0.2, "0.3"}}) {
    EXPECT_EQ(tick_text(value), text);
  }
}

}  // namespace
}  // namespace melete::train
