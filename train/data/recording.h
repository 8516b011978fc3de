// What a sound goes through until a model hears it: mouths, rooms, microphones and lines, each by
// chance.

#pragma once

#include "data/random.h"
#include "senses/spectrogram.h"

namespace melete::train {

// Another pitch, tempo and loudness, cut ends, silence around, noise, an echo, some tones louder
// than others and a narrow band.
Sound recorded(Sound sound, Random& random);

// Quicker speech (`pace` above 1) or slower at the same pitch: windows of 25 ms are taken further
// apart or closer together than they are laid, each from where it goes on best from the one before
// (WSOLA; W. Verhelst and M. Roelands, 1993). A millisecond for each second of sound.
Sound paced(const Sound& sound, double pace);

}  // namespace melete::train
