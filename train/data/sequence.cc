#include "data/sequence.h"

#include <fmt/format.h>

#include "text/chat_format.h"
#include "text/vocabulary.h"

namespace melete::train {

namespace {

std::string turn_start(Speaker speaker) {
  const std::string_view name = speaker == Speaker::System      ? "system"
                                : speaker == Speaker::Assistant ? "assistant"
                                                                : "user";
  return fmt::format("{}{}\n", kTurnStart, name);
}

}  // namespace

SequenceWriter::SequenceWriter(const MediaShape& shape) : media_(shape, tokenizer_.id(kPadding)) {}

void SequenceWriter::append_text(Sequence& sequence, std::string_view text, bool taught) const {
  const std::vector<int32_t> tokens = tokenizer_.encode(text);
  sequence.tokens.insert(sequence.tokens.end(), tokens.begin(), tokens.end());
  sequence.taught.resize(sequence.tokens.size(), taught ? 1 : 0);
}

// llama.cpp cuts a prompt at pictures and sounds into texts of their own, so what stands before the
// first part and after the last belongs to the text beside it: `text` is what is still to be cut.
void SequenceWriter::append_parts(Sequence& sequence, std::string& text,
                                  const std::vector<Part>& parts) const {
  bool after_words = false;  // llama.cpp puts a line break between two texts
  for (const Part& part : parts) {
    if (const auto* words = std::get_if<std::string>(&part)) {
      if (after_words) text += '\n';
      text += *words;
      after_words = true;
      continue;
    }
    after_words = false;
    const MediaMarks marks = marks_around(part);
    append_text(sequence, text, false);
    text.clear();
    append_text(sequence, marks.start, false);
    media_.append(sequence, part);
    append_text(sequence, marks.end, false);
  }
}

Sequence SequenceWriter::question(const std::vector<Part>& parts) const {
  Sequence sequence;
  std::string text(kQuestionStart);
  append_parts(sequence, text, parts);
  append_text(sequence, text.append(kQuestionEnd), false);
  return sequence;
}

Sequence SequenceWriter::whole(const Example& example) const {
  Sequence sequence = question(example.question);
  append_text(sequence, written_turn(example.reasoning, example.answer), true);
  return sequence;
}

Sequence SequenceWriter::whole(const Conversation& conversation) const {
  Sequence sequence;
  std::string text;  // what stands before the next turn that is written by the model
  for (const Turn& turn : conversation) {
    if (turn.speaker == Speaker::Nobody) {
      append_text(sequence, text_of(turn).append(kEndOfText), true);
    } else if (turn.speaker == Speaker::Assistant) {
      append_text(sequence, text.append(turn_start(turn.speaker)), false);
      const bool last = &turn == &conversation.back();
      append_text(sequence, written_turn(last ? turn.reasoning : "", text_of(turn)),
                  last || turn.reasoning.empty());
      text = "\n";
    } else {
      append_parts(sequence, text.append(turn_start(turn.speaker)), turn.parts);
      text.append(kTurnEnd).append("\n");
    }
  }
  return sequence;
}

}  // namespace melete::train
