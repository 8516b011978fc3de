#include "curves/run_curves.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>

#include "base/json.h"

namespace melete::train {

namespace {

// The number of a field, or nothing.
std::optional<double> number_at(const Json& json, const char* name) {
  const auto field = json.find(name);
  if (field == json.end() || !field->is_number()) return std::nullopt;
  return field->get<double>();
}

// A step as the log has it; `before` are the tokens of those before.
std::optional<CurvePoint> point_of(const Json& json, double before) {
  if (!json.is_object()) return std::nullopt;
  const auto step = number_at(json, "step");
  const auto tokens = number_at(json, "tokens");
  const auto loss = number_at(json, "loss");
  const auto speed = number_at(json, "tokens_per_second");
  const auto rate = number_at(json, "rate_share");
  if (!step || !tokens || !loss || !speed || !rate) return std::nullopt;
  return CurvePoint{*step, before + *tokens, *loss, *speed, *rate};
}

// A measure as its file has it; `steps` are those of the run.
std::optional<MeasurePoint> measure_of(const Json& json, const std::vector<CurvePoint>& steps) {
  if (!json.is_object()) return std::nullopt;
  const auto step = number_at(json, "step");
  const auto right = number_at(json, "right");
  const auto thinking = number_at(json, "thinking_tokens");
  if (!step || !right || !thinking) return std::nullopt;
  const auto after = std::ranges::upper_bound(steps, *step, {}, &CurvePoint::step);
  return MeasurePoint{*step, after == steps.begin() ? 0 : std::prev(after)->tokens, *right,
                      *thinking};
}

// Gives `take` each line of a file; false from it says that the line is not what it should be.
Result<void> read_lines(const std::filesystem::path& file,
                        const std::function<bool(const Json& line)>& take) {
  std::ifstream in(file);
  std::string line;
  for (int64_t number = 1; std::getline(in, line); ++number) {
    const Result<Json> json = parse_json(line);
    if (!json && in.eof()) break;
    if (json && take(*json)) continue;
    return fail(
        ErrorCode::Corrupt,
        fmt::format("{}:{} is no step of a run: mend or remove the line.", file.string(), number),
        file.string());
  }
  return {};
}

}  // namespace

Result<RunCurves> read_run_curves(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "log.jsonl";
  if (!std::ifstream(file)) {
    return fail(ErrorCode::NotFound,
                fmt::format("{} cannot be read: name the folder of a run.", file.string()),
                file.string());
  }
  RunCurves run{.name = folder.string(), .points = {}, .measures = {}};
  Result<void> read = read_lines(file, [&](const Json& line) {
    const double before = run.points.empty() ? 0 : run.points.back().tokens;
    const auto point = point_of(line, before);
    if (point) run.points.push_back(*point);
    return point.has_value();
  });
  if (!read) return std::unexpected(read.error());
  if (run.points.empty()) {
    return fail(ErrorCode::Corrupt, fmt::format("{} has no steps yet.", file.string()),
                file.string());
  }
  read = read_lines(folder / "held_out.jsonl", [&](const Json& line) {
    const auto measure = measure_of(line, run.points);
    if (measure) run.measures.push_back(*measure);
    return measure.has_value();
  });
  if (!read) return std::unexpected(read.error());
  return run;
}

std::vector<CurvePoint> thinned(const std::vector<CurvePoint>& points, size_t most) {
  const size_t group = (points.size() + most - 1) / most;
  std::vector<CurvePoint> means;
  for (size_t begin = 0; begin < points.size(); begin += group) {
    const size_t end = std::min(begin + group, points.size());
    CurvePoint sum;
    for (size_t i = begin; i < end; ++i) {
      sum.step += points[i].step;
      sum.tokens += points[i].tokens;
      sum.loss += points[i].loss;
      sum.tokens_per_second += points[i].tokens_per_second;
      sum.rate_share += points[i].rate_share;
    }
    const auto count = static_cast<double>(end - begin);
    means.push_back({sum.step / count, sum.tokens / count, sum.loss / count,
                     sum.tokens_per_second / count, sum.rate_share / count});
  }
  return means;
}

}  // namespace melete::train
