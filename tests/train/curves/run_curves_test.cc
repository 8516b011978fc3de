// Logs as numbers to draw.

#include "curves/run_curves.h"

#include <gmock/gmock.h>

#include <fstream>

#include "train/temporary_folder.h"

namespace melete::train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kTwoSteps =
    R"({"step":1,"loss":3.5,"tokens":100,"rate_share":0.5,"tokens_per_second":0,"taught":9})"
    "\n"
    R"({"step":2,"loss":2.5,"tokens":120,"rate_share":1,"tokens_per_second":50,"taught":9})"
    "\n";

class RunCurvesTest : public testing::Test {
 protected:
  Result<RunCurves> read(const std::string& log) {
    std::ofstream(folder_ / "log.jsonl") << log;
    return read_run_curves(folder_ / "");
  }

  TemporaryFolder folder_;
};

TEST_F(RunCurvesTest, TokensAreCountedFromTheBeginning) {
  const Result<RunCurves> run = read(kTwoSteps);
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_THAT(run->points,
              ElementsAre(CurvePoint{1, 100, 3.5, 0, 0.5}, CurvePoint{2, 220, 2.5, 50, 1}));
  EXPECT_EQ(run->name, folder_ / "");
}

TEST_F(RunCurvesTest, MeasuresOfReinforcementStandAtTheTokensOfTheirSteps) {
  std::ofstream(folder_ / "held_out.jsonl")
      << R"({"step":0,"right":0.5,"thinking_tokens":40,"by_difficulty":{}})"
      << "\n"
      << R"({"step":2,"right":0.75,"thinking_tokens":10})"
      << "\n";
  const Result<RunCurves> run = read(kTwoSteps);
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_THAT(run->measures,
              ElementsAre(MeasurePoint{0, 0, 0.5, 40}, MeasurePoint{2, 220, 0.75, 10}));
  std::ofstream(folder_ / "held_out.jsonl") << "{\"step\":0}\n";
  EXPECT_THAT(read(kTwoSteps).error().message, HasSubstr("held_out.jsonl:1"));
}

TEST_F(RunCurvesTest, ALineThatAKillCutShortEndsIt) {
  const Result<RunCurves> run = read(std::string(kTwoSteps) + "{\"step\":3,\"lo");
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->points.size(), 2U);
}

TEST_F(RunCurvesTest, AnotherBrokenLineIsNamed) {
  for (const char* line : {"{\"step\":3,\"lo\n", "{\"step\":3}\n", "7\n"}) {
    const Result<RunCurves> run = read(std::string(kTwoSteps) + line);
    ASSERT_FALSE(run) << line;
    EXPECT_EQ(run.error().code, ErrorCode::Corrupt);
    EXPECT_THAT(run.error().message, HasSubstr("log.jsonl:3"));
  }
}

TEST_F(RunCurvesTest, WithoutStepsThereIsNothingToDraw) {
  EXPECT_EQ(read("").error().code, ErrorCode::Corrupt);
  EXPECT_EQ(read_run_curves(folder_ / "none").error().code, ErrorCode::NotFound);
}

TEST(Thinned, PointsAreMeansOfTheirNeighbours) {
  std::vector<CurvePoint> points;
  for (int i = 0; i < 10; ++i) {
    points.push_back({static_cast<double>(i), 10.0 * i, 1.0 * i, 100, 0.5});
  }
  EXPECT_EQ(thinned(points, 10), points);
  EXPECT_THAT(thinned(points, 3),
              ElementsAre(CurvePoint{1.5, 15, 1.5, 100, 0.5}, CurvePoint{5.5, 55, 5.5, 100, 0.5},
                          CurvePoint{8.5, 85, 8.5, 100, 0.5}));
}

}  // namespace
}  // namespace melete::train
