// Which picture or sound format some bytes are, told by their first bytes and by nothing else: a
// name or a MIME type is only what the sender believes.

#pragma once

#include <string_view>

namespace melete::media {

enum class Format { Unknown, Png, Jpeg, Gif, Bmp, Webp, Wav, Mp3, Flac };

// Looks at the first 12 bytes. Never fails; O(1).
Format sniff(std::string_view bytes);

bool is_image(Format format);
bool is_sound(Format format);

// As people write it, e.g. "PNG"; "unknown" for Unknown.
std::string_view name_of(Format format);

}  // namespace melete::media
