// The length of a sound from its headers, so that an hour, an empty file or a bomb is refused
// before a decoder allocates its samples.
//
// Reads WAV (PCM, float, A-law, mu-law), MP3 (by walking its frames) and FLAC.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace melete::media {

struct SoundLimits {
  int64_t seconds = 600;   // longest sound; at least 1
  int64_t min_frames = 2;  // shortest sound in samples of one channel; at least 1
};

struct SoundLength {
  int64_t frames = 0;       // samples of each channel
  int64_t sample_rate = 0;  // in Hz, at least 1
};

// The length that the headers state, within the limits. A WAV whose header claims more than the
// file holds (streams do) has what is there. `label` is the field to blame. Fails with
// InvalidArgument (not a sound, cut, empty or one sample), Unsupported (a WAV coding that is not
// read, a FLAC without a length) or TooLarge (too long). O(1), for MP3 O(frames).
Result<SoundLength> check_sound(std::string_view bytes, const std::string& label,
                                const SoundLimits& limits = {});

}  // namespace melete::media
