// Pictures as plain pixels, and the square that a model sees of one.

#pragma once

#include <cstdint>
#include <vector>

namespace melete::train {

struct Picture {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> pixels;  // red, green, blue; row by row from the top left

  bool operator==(const Picture&) const = default;
};

// What llama.cpp's mtmd makes of a picture for a `gemma3` projector, byte for byte: scaled to fit
// into a square of `side` pixels, centred, the rest black. `picture` has at least one pixel.
// O(pixels of both).
Picture fit_into_square(const Picture& picture, int side);

}  // namespace melete::train
