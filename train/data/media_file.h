// Pictures and sounds as files.

#pragma once

#include <filesystem>

#include "base/error.h"
#include "senses/picture.h"
#include "senses/spectrogram.h"

namespace melete::train {

// Reads PNG, JPEG, GIF (its first frame) or BMP by the decoder that llama.cpp has too, so that a
// model sees the same pixels in training and in use. Fails with Corrupt, also where a picture has
// more than 64 million pixels.
Result<Picture> read_picture(const std::filesystem::path& file);

// Reads WAV, FLAC, Ogg or MP3 of any rate as mono at kSampleRate. Fails with Corrupt, also where it
// has more than 64 million samples, which are twelve minutes of a CD.
Result<Sound> read_sound(const std::filesystem::path& file);

// Another rate, in straight lines between samples.
Sound resampled(const Sound& sound, double from, double to);

// As PNG; fails with StorageFull.
Result<void> write_picture(const std::filesystem::path& file, const Picture& picture);

// As FLAC of 16 bits; fails with StorageFull.
Result<void> write_sound(const std::filesystem::path& file, const Sound& sound);

}  // namespace melete::train
