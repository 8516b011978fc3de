// The length of an MP3 by walking its frame headers, without decoding: an MP3 has no header of its
// own that could be trusted.

#pragma once

#include <optional>
#include <string_view>

#include "media/sound_header.h"

namespace melete::media {

// Samples of all frames (layers I to III of MPEG 1, 2 and 2.5), at the rate of the first; bytes
// between frames are skipped as decoders do. Nothing when there is no frame. O(bytes) at worst,
// usually O(frames).
std::optional<SoundLength> mp3_length(std::string_view bytes);

}  // namespace melete::media
