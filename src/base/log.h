// Log lines as events with fields: `log_event(LogLevel::Info, "model_loaded", {{"model", name}})`.
//
// Lines go to standard error. Nothing secret and nothing per token is logged.

#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace melete {

enum class LogLevel { Debug, Info, Warning, Error, Off };

// One field of a log line; numbers are written with fmt.
struct LogField {
  template <typename T>
  LogField(std::string_view name, const T& value) : name(name), value(fmt::format("{}", value)) {}

  std::string name;
  std::string value;
};

// Lines below `level` are dropped. The default is Info. Thread-safe.
void set_log_level(LogLevel level);

// Writes one line: time, level, event, fields. Thread-safe.
void log_event(LogLevel level, std::string_view event, const std::vector<LogField>& fields = {});

}  // namespace melete
