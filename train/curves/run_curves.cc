#include "curves/run_curves.h"

#include <fmt/format.h>

#include <fstream>
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

}  // namespace

Result<RunCurves> read_run_curves(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "log.jsonl";
  std::ifstream in(file);
  if (!in) {
    return fail(ErrorCode::NotFound,
                fmt::format("{} cannot be read: name the folder of a run.", file.string()),
                file.string());
  }
  RunCurves run{.name = folder.string(), .points = {}};
  std::string line;
  for (int64_t number = 1; std::getline(in, line); ++number) {
    const Result<Json> json = parse_json(line);
    if (!json && in.eof()) break;
    const double before = run.points.empty() ? 0 : run.points.back().tokens;
    const auto point = json ? point_of(*json, before) : std::nullopt;
    if (!point) {
      return fail(
          ErrorCode::Corrupt,
          fmt::format("{}:{} is no step of a run: mend or remove the line.", file.string(), number),
          file.string());
    }
    run.points.push_back(*point);
  }
  if (!run.points.empty()) return run;
  return fail(ErrorCode::Corrupt, fmt::format("{} has no steps yet.", file.string()),
              file.string());
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
