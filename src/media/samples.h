// The plainest picture and sound, as files: for trying out what reads them.

#pragma once

#include <string>

namespace melete::media {

// A black square as an uncompressed BMP; `side` in pixels, at least 1.
std::string black_square(int side);

// Silence as a 16-bit mono WAV at 16 kHz; `samples` at least 0.
std::string silence(int samples);

}  // namespace melete::media
