#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>

namespace melete {

namespace {

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::Debug:
      return spdlog::level::debug;
    case LogLevel::Info:
      return spdlog::level::info;
    case LogLevel::Warning:
      return spdlog::level::warn;
    case LogLevel::Error:
      return spdlog::level::err;
    case LogLevel::Off:
      return spdlog::level::off;
  }
  return spdlog::level::info;
}

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = std::make_shared<spdlog::logger>("melete",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%e %l %v");
    return made;
  }();
  return *instance;
}

bool needs_quotes(std::string_view value) {
  return value.empty() || std::ranges::any_of(value, [](unsigned char byte) {
           return byte <= ' ' || byte == '"' || byte == '=' || byte == 0x7f;
         });
}

}  // namespace

void set_log_level(LogLevel level) {
  logger().set_level(spdlog_level(level));
}

void log_event(LogLevel level, std::string_view event, const std::vector<LogField>& fields) {
  if (!logger().should_log(spdlog_level(level))) return;
  std::string line(event);
  for (const LogField& field : fields) {
    line += needs_quotes(field.value) ? fmt::format(" {}={:?}", field.name, field.value)
                                      : fmt::format(" {}={}", field.name, field.value);
  }
  logger().log(spdlog_level(level), line);
}

}  // namespace melete
