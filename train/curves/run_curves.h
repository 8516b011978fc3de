// What a run's log says, as numbers to draw.

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"

namespace melete::train {

// Of one step, or of the mean over several in a row.
struct CurvePoint {
  double step = 0;
  double tokens = 0;  // read up to here
  double loss = 0;    // in nats
  double tokens_per_second = 0;
  double rate_share = 0;  // of the full learning rates

  bool operator==(const CurvePoint&) const = default;
};

// Held-out questions, as a run of reinforcement was measured by them after a step.
struct MeasurePoint {
  double step = 0;
  double tokens = 0;           // written up to here
  double right = 0;            // share of the answers
  double thinking_tokens = 0;  // of an answer

  bool operator==(const MeasurePoint&) const = default;
};

struct RunCurves {
  std::string name;  // its folder, as the user named it
  std::vector<CurvePoint> points;
  std::vector<MeasurePoint> measures;  // of reinforcement alone
};

// Reads FOLDER/log.jsonl, and held_out.jsonl where there is one. A line that a kill cut short ends
// them. Fails with NotFound, and with Corrupt, naming the line, where a number is missing or there
// is no step at all.
Result<RunCurves> read_run_curves(const std::filesystem::path& folder);

// At most `most` points, each the mean of as many neighbours; `most` is at least 1.
std::vector<CurvePoint> thinned(const std::vector<CurvePoint>& points, size_t most);

}  // namespace melete::train
