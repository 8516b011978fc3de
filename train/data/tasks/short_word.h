// Words as they stand in pictures: labels, names, numbers.

#pragma once

#include <string>

#include "data/random.h"

namespace melete::train {

// A word of one to `most_letters` letters, which are at least four: mostly one that people know,
// else letters that can be spoken, a letter alone or digits. Small or capital letters, or a capital
// first.
std::string short_word(Random& random, int most_letters);

}  // namespace melete::train
