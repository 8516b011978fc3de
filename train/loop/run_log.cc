#include "loop/run_log.h"

#include <fmt/format.h>

#include <sstream>
#include <utility>
#include <vector>

#include "models/partial_file.h"

namespace melete::train {

namespace {

std::unexpected<Error> unwritable(const std::filesystem::path& file) {
  return fail(ErrorCode::StorageFull,
              fmt::format("The log {} cannot be written: make room on the disk, or choose another "
                          "folder.",
                          file.string()),
              file.string());
}

// The lines up to a step; without the one that a kill cut short.
std::string lines_until(const std::filesystem::path& file, int64_t step) {
  std::ifstream in(file);
  std::string kept;
  for (std::string line; std::getline(in, line);) {
    const Result<Json> parsed = parse_json(line);
    if (!parsed || parsed->value("step", int64_t{0}) > step) break;
    kept += line + '\n';
  }
  return kept;
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<int64_t>(seconds);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

}  // namespace

RunLog::RunLog(std::filesystem::path file) : file_(std::move(file)) {}

Result<RunLog> RunLog::open(const std::filesystem::path& file, int64_t step) {
  // Never a moment without the lines that are kept.
  if (!models::write_file_atomically(file, lines_until(file, step))) return unwritable(file);
  RunLog log(file);
  log.out_.open(file, std::ios::app);
  if (!log.out_) return unwritable(file);
  return log;
}

Result<void> RunLog::write(const Json& line) {
  out_ << write_json(line) << '\n' << std::flush;
  if (!out_) return unwritable(file_);
  return {};
}

Pace::Pace(int64_t steps, const Clock& clock) : steps_(steps), clock_(clock) {}

void Pace::add(const StepReport& report) {
  constexpr auto kWindow = std::chrono::minutes(1);
  last_ = report;
  tokens_ += report.tokens;
  marks_.push_back({clock_.now(), report.step, tokens_});
  while (marks_.size() > 2 && marks_.back().time - marks_[1].time > kWindow) {
    marks_.erase(marks_.begin());
  }
}

double Pace::tokens_per_second() const {
  if (marks_.size() < 2) return 0;
  const std::chrono::duration<double> time = marks_.back().time - marks_.front().time;
  const auto tokens = static_cast<double>(marks_.back().tokens - marks_.front().tokens);
  return time.count() > 0 ? tokens / time.count() : 0;
}

double Pace::seconds_left() const {
  if (marks_.size() < 2) return 0;
  const std::chrono::duration<double> time = marks_.back().time - marks_.front().time;
  const auto steps = static_cast<double>(marks_.back().step - marks_.front().step);
  return time.count() / steps * static_cast<double>(steps_ - last_.step);
}

std::string Pace::line() const {
  return line(fmt::format("loss {:.3f}", last_.loss));
}

std::string Pace::line(std::string_view figures) const {
  return fmt::format("step {} of {}  {}  {:.0f} tokens/s  {} left", last_.step, steps_, figures,
                     tokens_per_second(), duration_text(seconds_left()));
}

Json to_json(const StepReport& report, double tokens_per_second) {
  return {{"step", report.step},
          {"loss", report.loss},
          {"tokens", report.tokens},
          {"taught", report.taught},
          {"left_out", report.left_out},
          {"gradient_norm", report.gradient_norm},
          {"rate_share", report.rate_share},
          {"tokens_per_second", tokens_per_second}};
}

}  // namespace melete::train
