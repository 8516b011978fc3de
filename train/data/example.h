// One question with its answer, as it is taught.

#pragma once

#include <string>
#include <variant>
#include <vector>

#include "senses/picture.h"
#include "senses/spectrogram.h"

namespace melete::train {

using Part = std::variant<std::string, Picture, Sound>;

struct Example {
  std::vector<Part> question;  // in the order in which it is read
  std::string reasoning;       // steps before the answer; empty: none
  std::string answer;          // what the reader gets; of a task its last line is "Answer: ..."
};

}  // namespace melete::train
