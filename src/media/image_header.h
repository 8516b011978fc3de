// The size of a picture from its header, so that a bomb is refused before a decoder allocates its
// pixels.
//
// Reads PNG, JPEG, GIF and BMP. WebP is recognised and refused: nothing here decodes it.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace melete::media {

struct ImageLimits {
  int64_t pixels = 64'000'000;  // width times height; at least 1
  int64_t aspect = 200;         // the longer side over the shorter one; at least 1
};

struct ImageSize {
  int64_t width = 0;   // pixels, at least 1
  int64_t height = 0;  // pixels, at least 1
};

// The size that the header states, within the limits. `label` is the field to blame. Fails with
// InvalidArgument (not a picture, cut before its size, zero sized, too long and thin), Unsupported
// (WebP) or TooLarge (too many pixels). Looks only at headers: O(1), for JPEG O(segments before the
// frame header).
Result<ImageSize> check_image(std::string_view bytes, const std::string& label,
                              const ImageLimits& limits = {});

}  // namespace melete::media
