#include "engine/picture_grid.h"

#include <gguf.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

namespace melete::engine {

namespace {

struct GgufDeleter {
  void operator()(gguf_context* file) const { gguf_free(file); }
};

std::string text_value(const gguf_context* file, const char* key) {
  const int64_t id = gguf_find_key(file, key);
  if (id < 0 || gguf_get_kv_type(file, id) != GGUF_TYPE_STRING) return {};
  return gguf_get_val_str(file, id);
}

int64_t number_value(const gguf_context* file, const char* key, int64_t otherwise) {
  const int64_t id = gguf_find_key(file, key);
  if (id < 0 || gguf_get_kv_type(file, id) != GGUF_TYPE_UINT32) return otherwise;
  return gguf_get_val_u32(file, id);
}

}  // namespace

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
  const std::unique_ptr<gguf_context, GgufDeleter> file(
      gguf_init_from_file(projector.c_str(), {.no_alloc = true, .ctx = nullptr}));
  if (!file) return {};
  std::string kind = text_value(file.get(), "clip.projector_type");
  if (kind.empty()) kind = text_value(file.get(), "clip.vision.projector_type");
  if (kind != "gemma4uv" && kind != "gemma4v") return {};
  const int64_t tables = gguf_find_tensor(file.get(), "v.position_embd.weight");
  if (tables < 0) return {};

  constexpr int64_t kDefaultMerge = 3;
  PictureGrid grid;
  grid.rows = gguf_get_tensor_ne(file.get(), tables)[1];
  if (kind == "gemma4v") {  // its patches are merged after they got their positions
    grid.merge = number_value(file.get(), "clip.vision.projector.scale_factor", kDefaultMerge);
  }
  return grid;
}

}  // namespace melete::engine
