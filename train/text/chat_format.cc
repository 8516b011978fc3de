#include "text/chat_format.h"

#include "text/vocabulary.h"

namespace melete::train {

std::string written_turn(std::string_view reasoning, std::string_view answer) {
  std::string text;
  if (!reasoning.empty()) {
    text.append("<think>\n").append(reasoning).append("\n</think>\n\n");
  }
  return text.append(answer).append(kTurnEnd);
}

}  // namespace melete::train
