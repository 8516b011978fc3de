#include "engine/file_identity.h"

#include <fmt/format.h>

namespace melete::engine {

std::string file_identity(const std::filesystem::path& file) {
  if (file.empty()) return "-";
  const auto changed = std::filesystem::last_write_time(file).time_since_epoch().count();
  return fmt::format("{} {} {}", std::filesystem::absolute(file).string(),
                     std::filesystem::file_size(file), changed);
}

}  // namespace melete::engine
