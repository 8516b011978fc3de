#include "models/shipped_directory.h"

#include <system_error>

namespace melete::models {

namespace fs = std::filesystem;

fs::path shipped_directory() {
  std::error_code problem;
  const fs::path program = fs::read_symlink("/proc/self/exe", problem);
  const fs::path installed = program.parent_path().parent_path() / "share/melete/models";
  return fs::is_directory(installed, problem) ? installed : fs::path(MELETE_SOURCE_MODELS);
}

}  // namespace melete::models
