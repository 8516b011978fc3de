#include "curves/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>

#include "curves/axis.h"

namespace melete::train {

namespace {

// All lengths are in the picture's own units, about a pixel.
constexpr double kWidth = 860;
constexpr double kLeft = 70;  // room for the numbers beside a chart
constexpr double kRight = 20;
constexpr double kChart = 200;  // height of a chart
constexpr double kAbove = 34;   // room for its title
constexpr double kBelow = 30;   // and for the numbers below it
constexpr double kLegend = 20;  // a line of the legend
constexpr double kMargin = 14;  // around everything
constexpr size_t kMostPoints = 400;
constexpr size_t kColours = 8;

// Okabe and Ito's colours, which people with any colour vision tell apart, with two of their own
// that are seen on both grounds.
constexpr std::string_view kStyle =
    "svg{color:#1d2330;font:12px system-ui,sans-serif}"
    ".ground{fill:#fff}text{fill:currentColor}"
    ".title{font-weight:600;font-size:13px}"
    ".grid{stroke:currentColor;stroke-opacity:.14}.axis{stroke:currentColor;stroke-opacity:.6}"
    ".run{fill:none;stroke-width:1.6;stroke-linejoin:round}.again{stroke-dasharray:6 3}"
    ".c0{stroke:#0072b2}.c1{stroke:#d55e00}.c2{stroke:#009e73}.c3{stroke:#cc79a7}"
    ".c4{stroke:#b8860b}.c5{stroke:#56b4e9}.c6{stroke:#8c6bb1}.c7{stroke:#7a7a7a}"
    "@media(prefers-color-scheme:dark){svg{color:#e6e8ee}.ground{fill:#14171d}"
    ".c0{stroke:#4aa3df}}";

// A number of a point, and what its chart is called.
template <typename Point>
struct Figure {
  std::string_view title;
  double Point::* value = nullptr;
  bool from_zero = false;  // the axis begins at nothing
};

constexpr std::array<Figure<CurvePoint>, 3> kOfSteps = {
    {{"Loss (nats a token)", &CurvePoint::loss, false},
     {"Speed (tokens a second)", &CurvePoint::tokens_per_second, true},
     {"Learning rate (share of the full one)", &CurvePoint::rate_share, true}}};

constexpr std::array<Figure<MeasurePoint>, 2> kOfMeasures = {
    {{"Held-out questions: right (share)", &MeasurePoint::right, true},
     {"Held-out questions: thinking (tokens an answer)", &MeasurePoint::thinking_tokens, true}}};

struct Place {
  double across = 0;
  double up = 0;
};

using Lines = std::vector<std::vector<Place>>;  // of each run

struct Chart {
  std::string_view title;
  bool from_zero = false;
  Lines lines;
};

struct Frame {
  double top = 0;
  Axis across;
  Axis up;

  double x(double value) const { return kLeft + across.share(value) * (kWidth - kLeft - kRight); }
  double y(double value) const { return top + kChart * (1 - up.share(value)); }
};

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      default:
        safe += static_cast<uint8_t>(letter) < 0x20 ? ' ' : letter;
    }
  }
  return safe;
}

template <typename Point>
Chart chart_of(const Figure<Point>& figure, double Point::* across,
               const std::vector<std::vector<Point>>& runs) {
  Chart chart{figure.title, figure.from_zero, {}};
  for (const auto& points : runs) {
    auto& line = chart.lines.emplace_back();
    for (const Point& point : points) line.push_back({point.*across, point.*figure.value});
  }
  return chart;
}

std::vector<Chart> charts_of(const std::vector<RunCurves>& runs, Against against) {
  const bool over_steps = against == Against::Steps;
  std::vector<std::vector<CurvePoint>> steps;
  std::vector<std::vector<MeasurePoint>> measures;
  for (const RunCurves& run : runs) {
    steps.push_back(thinned(run.points, kMostPoints));
    measures.push_back(run.measures);
  }
  std::vector<Chart> charts;
  for (const auto& figure : kOfSteps) {
    charts.push_back(chart_of(figure, over_steps ? &CurvePoint::step : &CurvePoint::tokens, steps));
  }
  if (std::ranges::all_of(measures, [](const auto& of_run) { return of_run.empty(); })) {
    return charts;
  }
  for (const auto& figure : kOfMeasures) {
    charts.push_back(
        chart_of(figure, over_steps ? &MeasurePoint::step : &MeasurePoint::tokens, measures));
  }
  return charts;
}

Axis axis_of(const Lines& lines, double Place::* value, bool from_zero) {
  double low = from_zero ? 0 : std::numeric_limits<double>::max();
  double high = from_zero ? 0 : std::numeric_limits<double>::lowest();
  for (const auto& line : lines) {
    for (const Place& place : line) {
      if (!std::isfinite(place.*value)) continue;
      low = std::min(low, place.*value);
      high = std::max(high, place.*value);
    }
  }
  return low > high ? make_axis(0, 1, 5) : make_axis(low, high, 5);
}

std::string grid(const Frame& frame) {
  std::string svg;
  for (const double tick : frame.up.ticks) {
    const double y = frame.y(tick);
    svg += fmt::format(R"(<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>)"
                       R"(<text x="{}" y="{:.1f}" text-anchor="end">{}</text>)"
                       "\n",
                       kLeft, kWidth - kRight, y, y, kLeft - 8, y + 4, tick_text(tick));
  }
  for (const double tick : frame.across.ticks) {
    svg += fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)"
                       "\n",
                       frame.x(tick), frame.top + kChart + 18, tick_text(tick));
  }
  return svg + fmt::format(R"(<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>)"
                           "\n",
                           kLeft, kWidth - kRight, frame.top + kChart, frame.top + kChart);
}

std::string class_of(size_t run) {
  return fmt::format("run c{}{}", run % kColours, run < kColours ? "" : " again");
}

std::string draw_chart(const Chart& chart, double top) {
  const Frame frame{.top = top + kAbove,
                    .across = axis_of(chart.lines, &Place::across, true),
                    .up = axis_of(chart.lines, &Place::up, chart.from_zero)};
  std::string svg = fmt::format(R"(<text class="title" x="{}" y="{}">{}</text>)"
                                "\n",
                                kLeft, top + 20, chart.title);
  svg += grid(frame);
  for (size_t run = 0; run < chart.lines.size(); ++run) {
    std::string places;
    for (const Place& place : chart.lines[run]) {
      if (!std::isfinite(place.up)) continue;
      places += fmt::format("{:.1f},{:.1f} ", frame.x(place.across), frame.y(place.up));
    }
    svg += fmt::format(R"(<polyline class="{}" points="{}"/>)"
                       "\n",
                       class_of(run), places);
  }
  return svg;
}

// What a run has come to.
std::string end_of(const RunCurves& run) {
  if (run.measures.empty()) {
    return fmt::format("loss {:.3f}", thinned(run.points, kMostPoints).back().loss);
  }
  const MeasurePoint& last = run.measures.back();
  return fmt::format("{:.0f} % right with {:.0f} tokens of thought", 100 * last.right,
                     last.thinking_tokens);
}

std::string draw_legend(const std::vector<RunCurves>& runs, double top) {
  std::string svg;
  for (size_t run = 0; run < runs.size(); ++run) {
    const double y = top + kLegend * (static_cast<double>(run) + 0.5);
    svg += fmt::format(
        R"(<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/><text x="{}" y="{}">{}</text>)"
        "\n",
        class_of(run), kLeft, kLeft + 26, y, y, kLeft + 34, y + 4,
        escaped(fmt::format("{}: {} after {} steps", runs[run].name, end_of(runs[run]),
                            runs[run].points.back().step)));
  }
  return svg;
}

}  // namespace

std::string draw_curves(const std::vector<RunCurves>& runs, Against against) {
  std::string body = draw_legend(runs, kMargin);
  double top = kMargin + kLegend * static_cast<double>(runs.size());
  for (const Chart& chart : charts_of(runs, against)) {
    body += draw_chart(chart, top);
    top += kAbove + kChart + kBelow;
  }
  const double height = top + kMargin;
  body += fmt::format(R"(<text x="{}" y="{}" text-anchor="end">{}</text>)"
                      "\n",
                      kWidth - kRight, top + 4,
                      against == Against::Steps ? "steps" : "tokens that were read");
  return fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}">)"
      "\n<style>{}</style>\n"
      R"(<rect class="ground" width="{}" height="{}"/>)"
      "\n{}</svg>\n",
      kWidth, height, kWidth, height, kStyle, kWidth, height, body);
}

}  // namespace melete::train
