// The picture of curves: well-formed, complete, and with every line where its numbers say.

#include "curves/chart.h"

#include <gmock/gmock.h>
#include <pugixml.hpp>

#include <limits>
#include <sstream>

namespace melete::train {
namespace {

using testing::HasSubstr;

RunCurves falling(const std::string& name, int steps) {
  RunCurves run{.name = name, .points = {}, .measures = {}};
  for (int step = 1; step <= steps; ++step) {
    run.points.push_back({static_cast<double>(step), 100.0 * step, 4.0 - step * 0.02, 800, 1});
  }
  return run;
}

pugi::xml_document parsed(const std::string& svg) {
  pugi::xml_document document;
  const pugi::xml_parse_result result = document.load_string(svg.c_str());
  EXPECT_TRUE(result) << result.description() << " at " << result.offset;
  return document;
}

std::vector<std::pair<double, double>> places_of(const pugi::xml_node& line) {
  std::istringstream text(line.attribute("points").value());
  std::vector<std::pair<double, double>> places;
  char comma = 0;
  for (std::pair<double, double> place; text >> place.first >> comma >> place.second;) {
    places.push_back(place);
  }
  return places;
}

TEST(Chart, HasALineForEachRunInEachChart) {
  const auto document =
      parsed(draw_curves({falling("one", 100), falling("two", 50)}, Against::Steps));
  const pugi::xml_node svg = document.child("svg");
  const auto lines = svg.children("polyline");
  EXPECT_EQ(std::distance(lines.begin(), lines.end()), 6);
  std::string texts;
  for (const pugi::xml_node& text : svg.children("text"))
    texts += text.text().get() + std::string("|");
  for (const char* expected : {"Loss", "Speed", "Learning rate", "|steps|", "|100|",
                               "one: loss 2.000 after 100 steps", "two: loss 3.000"}) {
    EXPECT_THAT(texts, HasSubstr(expected));
  }
}

TEST(Chart, LinesGoWhereTheNumbersSay) {
  const auto document =
      parsed(draw_curves({falling("one", 100), falling("two", 50)}, Against::Steps));
  const auto lines = document.child("svg").children("polyline");
  const auto whole = places_of(*lines.begin());
  const auto half = places_of(*std::next(lines.begin()));
  ASSERT_EQ(whole.size(), 100U);
  ASSERT_EQ(half.size(), 50U);
  EXPECT_EQ(whole[20], half[20]) << "the same numbers are at the same place";
  EXPECT_GT(whole.back().second, whole.front().second) << "a falling loss goes down";
  for (size_t i = 1; i < whole.size(); ++i) EXPECT_GT(whole[i].first, whole[i - 1].first);
}

TEST(Chart, ARunOfReinforcementShowsItsMeasuresToo) {
  RunCurves measured = falling("short", 20);
  measured.measures = {{0, 0, 0.9, 80}, {20, 2000, 0.95, 12.4}};
  const std::string svg = draw_curves({measured, falling("other", 20)}, Against::Steps);
  const auto document = parsed(svg);
  const auto lines = document.child("svg").children("polyline");
  ASSERT_EQ(std::distance(lines.begin(), lines.end()), 10);
  const auto thinking = places_of(*std::next(lines.begin(), 8));
  ASSERT_EQ(thinking.size(), 2U);
  EXPECT_GT(thinking[1].second, thinking[0].second) << "less thought is further down";
  EXPECT_THAT(svg, HasSubstr("short: 95 % right with 12 tokens of thought after 20 steps"));
  EXPECT_THAT(svg, HasSubstr("other: loss 3.600"));
}

TEST(Chart, ALongRunIsThinned) {
  const auto document = parsed(draw_curves({falling("long", 5000)}, Against::Tokens));
  EXPECT_LE(places_of(document.child("svg").child("polyline")).size(), 400U);
  EXPECT_THAT(draw_curves({falling("long", 5000)}, Against::Tokens), HasSubstr(">500k<"));
}

TEST(Chart, NamesAndOddNumbersDoNotBreakIt) {
  RunCurves odd = falling("a<b & \"c\"\n", 3);
  odd.points[1].loss = std::numeric_limits<double>::quiet_NaN();
  const auto document = parsed(draw_curves({odd}, Against::Steps));
  EXPECT_EQ(places_of(document.child("svg").child("polyline")).size(), 2U);
  EXPECT_THAT(draw_curves({odd}, Against::Steps), testing::Not(HasSubstr("nan")));
}

TEST(Chart, ASingleStepIsAChartToo) {
  const auto document = parsed(draw_curves({falling("short", 1)}, Against::Steps));
  EXPECT_EQ(places_of(document.child("svg").child("polyline")).size(), 1U);
}

TEST(Chart, SuitsLightAndDarkPages) {
  const std::string svg = draw_curves({falling("one", 10)}, Against::Steps);
  EXPECT_THAT(svg, HasSubstr("prefers-color-scheme:dark"));
  EXPECT_THAT(svg, HasSubstr("currentColor"));
  EXPECT_THAT(svg, testing::Not(HasSubstr("href"))) << "it needs no other file";
}

}  // namespace
}  // namespace melete::train
