// Where a user's files lie.

#include "models/user_directories.h"

#include <cstdlib>
#include <string_view>

namespace melete::models {
namespace fs = std::filesystem;
namespace {

// XDG says that a variable which is not an absolute path is to be ignored.
fs::path from_environment(const char* variable, std::string_view below_home) {
  const char* value = std::getenv(variable);
  if (value && *value == '/') return fs::path(value) / "melete";
  const char* home = std::getenv("HOME");
  return fs::path(home && *home ? home : ".") / below_home / "melete";
}

}  // namespace

fs::path user_config_directory() {
  return from_environment("XDG_CONFIG_HOME", ".config");
}

fs::path user_data_directory() {
  return from_environment("XDG_DATA_HOME", ".local/share");
}

fs::path user_tls_directory() {
  return user_data_directory() / "tls";
}

fs::path user_state_directory() {
  return from_environment("XDG_STATE_HOME", ".local/state");
}

}  // namespace melete::models
