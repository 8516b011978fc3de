#include "engine/picture_grid.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "models/gguf_file.h"

namespace melete::engine {

// The grid keeps the picture's proportions up to rounding: tokens = columns * rows, and the shorter
// side may have been rounded down from just below 2 to 1, so the longer one is at most sqrt(2 *
// tokens * aspect).
bool PictureGrid::fits(const media::ImageSize& size, int64_t tokens) const {
  if (rows == 0) return true;
  const auto [shorter, longer] = std::minmax(size.width, size.height);
  const double aspect = static_cast<double>(longer) / static_cast<double>(shorter);
  const double side = std::sqrt(2.0 * static_cast<double>(tokens) * aspect) + 1;
  return std::min(side, static_cast<double>(tokens)) * static_cast<double>(merge) <=
         static_cast<double>(rows);
}

PictureGrid read_picture_grid(const std::filesystem::path& projector) {
  const Result<models::GgufFile> file = models::read_gguf(projector);
  if (!file) return {};
  const std::string kind =
      file->text("clip.projector_type", file->text("clip.vision.projector_type"));
  if (kind != "gemma4uv" && kind != "gemma4v") return {};
  const auto tables =
      std::ranges::find(file->tensors, "v.position_embd.weight", &models::GgufTensor::name);
  if (tables == file->tensors.end() || tables->shape.size() < 2) return {};

  constexpr int64_t kDefaultMerge = 3;
  PictureGrid grid;
  grid.rows = static_cast<int64_t>(tables->shape[1]);
  if (kind == "gemma4v") {  // its patches are merged after they got their positions
    grid.merge = file->number("clip.vision.projector.scale_factor", kDefaultMerge);
  }
  return grid;
}

}  // namespace melete::engine
