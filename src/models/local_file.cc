// A plain copy: hard links would let a later edit of the user's file change a checked model.

#include "models/local_file.h"

#include <fmt/format.h>

#include <fstream>
#include <vector>

namespace melete::models {
namespace {

constexpr size_t kBlock = 4 << 20;

}  // namespace

Result<void> copy_local_file(const std::filesystem::path& source, PartialFile& file,
                             FetchContext& context) {
  std::error_code failed;
  const auto bytes = std::filesystem::file_size(source, failed);
  std::ifstream in(source, std::ios::binary);
  if (failed || !in) {
    return fail(ErrorCode::NotFound, fmt::format("{} cannot be read", source.string()),
                source.string());
  }
  if (auto emptied = file.restart(); !emptied) return emptied;
  const auto room = require_free_space(file.path().parent_path(), static_cast<int64_t>(bytes));
  if (!room) return room;
  context.meter.set_total(static_cast<int64_t>(bytes));
  std::vector<char> block(kBlock);
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())), in.gcount() > 0) {
    if (context.stop.stop_requested()) return fail(ErrorCode::Cancelled, "the copy was stopped");
    auto appended = file.append({block.data(), static_cast<size_t>(in.gcount())});
    if (!appended) return appended;
    context.meter.update(file.size());
  }
  return {};
}

}  // namespace melete::models
