// Speech: voices of espeak-ng, clips of people, and the rooms and microphones they came through.

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "data/random.h"
#include "senses/spectrogram.h"

namespace melete::train {

// Says a text in English with a voice, speed and pitch that `random` decides. Thread-safe; one at a
// time, about 10 ms for a word. Fails with Unavailable where espeak-ng's voices are missing.
Result<Sound> say(const std::string& text, Random& random);

// Reads a sound file of any rate (WAV, FLAC, ...) as mono at kSampleRate. Fails with Corrupt.
Result<Sound> read_sound(const std::filesystem::path& file);

// Another rate, in straight lines between samples.
Sound resampled(const Sound& sound, double from, double to);

// Silence around, another loudness and speed, noise, an echo and a narrow band, each by chance.
Sound recorded(Sound sound, Random& random);

}  // namespace melete::train
