// What a run tells: a line of JSON for each step in a file, and a line on the terminal.

#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "loop/trainer.h"

namespace melete::train {

// Appends to FILE; each line is written out at once, so that a killed run leaves whole lines.
//
// Not thread-safe.
class RunLog {
 public:
  // Keeps the lines of steps up to `step` and drops what a killed run wrote after its last
  // checkpoint. Fails with StorageFull.
  static Result<RunLog> open(const std::filesystem::path& file, int64_t step);

  // Fails with StorageFull.
  Result<void> write(const Json& line);

 private:
  explicit RunLog(std::filesystem::path file);

  std::filesystem::path file_;
  std::ofstream out_;
};

// Speed and time left, over the steps of the last minute.
//
// Not thread-safe.
class Pace {
 public:
  // `clock` must outlive it.
  explicit Pace(int64_t steps, const Clock& clock = system_clock());

  void add(const StepReport& report);

  double tokens_per_second() const;  // 0 before the second step
  double seconds_left() const;

  // "step 120 of 1000  loss 1.234  12345 tokens/s  1 h 02 min left".
  std::string line() const;

  // The same with other figures than the loss.
  std::string line(std::string_view figures) const;

 private:
  struct Mark {
    Instant time;
    int64_t step = 0;
    int64_t tokens = 0;
  };

  int64_t steps_;
  const Clock& clock_;
  StepReport last_;
  int64_t tokens_ = 0;
  std::vector<Mark> marks_;
};

// A step as a line of the log.
Json to_json(const StepReport& report, double tokens_per_second);

}  // namespace melete::train
