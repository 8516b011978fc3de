// What is taught as one piece: a question with its answer, or a whole conversation.

#pragma once

#include <string>
#include <variant>
#include <vector>

#include "senses/picture.h"
#include "senses/spectrogram.h"

namespace melete::train {

using Part = std::variant<std::string, Picture, Sound>;

// Of a task.
struct Example {
  std::vector<Part> question;  // in the order in which it is read
  std::string reasoning;       // steps before the answer; empty: none
  std::string answer;          // what the reader gets; of a task its last line is "Answer: ..."
};

enum class Speaker { Nobody, System, User, Assistant };  // Nobody: a text as it stands

// Of an assistant's turn and of a text every part is text, and it is taught.
struct Turn {
  Speaker speaker = Speaker::User;
  std::vector<Part> parts;
  std::string reasoning;  // of an assistant, before what it says; empty: none

  bool operator==(const Turn&) const = default;
};

// Either one text, or turns of which the last is the assistant's.
using Conversation = std::vector<Turn>;

Conversation conversation_of(Example example);

// The texts of a turn's parts, one after the other.
std::string text_of(const Turn& turn);

}  // namespace melete::train
