#include "cli/trainer.h"

#include <fmt/format.h>
#include <unistd.h>

#include <system_error>

namespace melete::cli {
namespace {

bool can_run(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0;
}

}  // namespace

Result<std::filesystem::path> find_trainer(const std::optional<std::string>& named) {
  if (named) {
    if (can_run(*named)) return std::filesystem::absolute(*named);
    return fail(ErrorCode::NotFound,
                fmt::format("{} is no program: --trainer names melete-train, which `make train` "
                            "builds",
                            *named),
                "trainer");
  }
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const auto beside = program.parent_path() / "melete-train";
  return can_run(beside) ? beside : std::filesystem::path();
}

}  // namespace melete::cli
