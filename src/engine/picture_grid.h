// The position tables of a projector for pictures of any shape: how long a side of its grid may be.
//
// Such projectors (gemma4uv, gemma4v) look up one row of a table for each column and each row of
// patches; beyond the table's end ggml ends the process, so a shape that needs more is refused
// first.

#pragma once

#include <cstdint>
#include <filesystem>

#include "media/image_header.h"

namespace melete::engine {

struct PictureGrid {
  int64_t rows = 0;   // entries of each table; 0: this projector has none and takes every shape
  int64_t merge = 1;  // patches on a side of one token

  // Whether a picture of `size` that became `tokens` tokens stays within the tables. Says no to
  // some shapes that would just fit, never yes to one that does not.
  bool fits(const media::ImageSize& size, int64_t tokens) const;
};

// Reads the tables' length from a projector file that can be loaded. Milliseconds.
PictureGrid read_picture_grid(const std::filesystem::path& projector);

}  // namespace melete::engine
