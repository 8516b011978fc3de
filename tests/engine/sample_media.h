// Pictures and sounds that tests show to random models: bitmaps and WAV files drawn by formula.

#pragma once

#include <string>

#include "engine/prompt.h"

namespace melete::engine {

// A 24-bit BMP of a colour gradient; `shade` (0 to 255) makes different pictures.
std::string picture(int width, int height, int shade = 0);

// A 16-bit WAV at 16 kHz with this many samples of a sine; `hertz` makes different sounds.
std::string sound(int samples, int hertz = 440);

MediaItem image_item(std::string bytes, std::string label = "messages[0].content[1]");
MediaItem audio_item(std::string bytes, std::string label = "messages[0].content[2]");

}  // namespace melete::engine
