// When a line is worth drawing again, and a download in words.

#include "cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "models/units.h"

namespace melete::cli {
namespace {

constexpr auto kRedrawInterval = std::chrono::milliseconds(100);
constexpr auto kPlainInterval = std::chrono::seconds(1);
constexpr auto kLongestSilence = std::chrono::seconds(10);

double part_of(const models::PullProgress& progress) {
  if (progress.bytes_total <= 0) return 0;
  return static_cast<double>(progress.bytes_done) / static_cast<double>(progress.bytes_total);
}

std::string bytes_of(const models::PullProgress& progress) {
  const std::string done = models::decimal_bytes(progress.bytes_done);
  if (progress.bytes_total <= 0) return done;
  return fmt::format("{} of {} ({:.0f} %)", done, models::decimal_bytes(progress.bytes_total),
                     part_of(progress) * 100);
}

}  // namespace

ProgressLine::ProgressLine(Terminal& terminal, std::string label, const Clock& clock)
    : terminal_(terminal),
      clock_(clock),
      label_(std::move(label)),
      start_(clock.now()),
      live_(terminal) {}

void ProgressLine::update(double part, std::string_view text) {
  const Instant now = clock_.now();
  const int tenth = static_cast<int>(std::clamp(part, 0.0, 1.0) * 10);
  const bool interactive = terminal_.traits().interactive;
  if (last_tenth_ >= 0) {
    const Duration waited = now - last_drawn_;
    const bool plain_due = waited >= (tenth > last_tenth_ ? kPlainInterval : kLongestSilence);
    const bool due = interactive ? waited >= kRedrawInterval : plain_due;
    if (!due) return;
  }
  last_drawn_ = now;
  last_tenth_ = tenth;
  const std::string line = fmt::format("{}: {}", label_, text);
  if (interactive) {
    live_.show({line});
  } else {
    terminal_.line(line);
  }
}

void ProgressLine::update(double part) {
  update(part, fmt::format("{:.0f} %", std::clamp(part, 0.0, 1.0) * 100));
}

void ProgressLine::update(const models::PullProgress& progress) {
  update(part_of(progress), progress_text(progress));
}

void ProgressLine::finish(std::string_view text) {
  live_.clear();
  terminal_.line(text);
}

void ProgressLine::clear() {
  live_.clear();
}

double ProgressLine::seconds() const {
  return std::chrono::duration<double>(clock_.now() - start_).count();
}

std::string progress_text(const models::PullProgress& progress) {
  switch (progress.phase) {
    case models::PullPhase::Waiting:
      return "another process downloads here; waiting for it";
    case models::PullPhase::Checking:
      return fmt::format("checking {}", bytes_of(progress));
    case models::PullPhase::Done:
      return "done";
    case models::PullPhase::Downloading:
      break;
  }
  std::string text = bytes_of(progress);
  if (progress.bytes_per_second > 0) {
    const auto rate = static_cast<int64_t>(progress.bytes_per_second);
    text += fmt::format(", {}/s", models::decimal_bytes(rate));
  }
  if (progress.seconds_left) {
    text += fmt::format(", {} left", models::time_span(*progress.seconds_left));
  }
  return text;
}

}  // namespace melete::cli
