#include "data/example.h"

#include <utility>

namespace melete::train {

Conversation conversation_of(Example example) {
  Conversation turns(2);
  turns[0].parts = std::move(example.question);
  turns[1] = {Speaker::Assistant, {std::move(example.answer)}, std::move(example.reasoning)};
  return turns;
}

std::string text_of(const Turn& turn) {
  std::string text;
  for (const Part& part : turn.parts) {
    if (const auto* words = std::get_if<std::string>(&part)) text += *words;
  }
  return text;
}

}  // namespace melete::train
