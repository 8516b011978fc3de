// Speech by the voices of espeak-ng.

#pragma once

#include <string>

#include "base/error.h"
#include "data/random.h"
#include "senses/spectrogram.h"

namespace melete::train {

// Says words of small letters, and numbers, in English, with a voice, speed and pitch that `random`
// decides. Thread-safe; a process of espeak-ng each time, some 10 ms. Fails with Unavailable where
// it is missing.
Result<Sound> say(const std::string& text, Random& random);

}  // namespace melete::train
