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

SequenceWriter::SequenceWriter(const MediaShape& shape)
    : log_mel_(shape.bands), padding_(tokenizer_.id(kPadding)), shape_(shape) {}

void SequenceWriter::append_text(Sequence& sequence, std::string_view text, bool taught) const {
  const std::vector<int32_t> tokens = tokenizer_.encode(text);
  sequence.tokens.insert(sequence.tokens.end(), tokens.begin(), tokens.end());
  sequence.taught.resize(sequence.tokens.size(), taught ? 1 : 0);
}

void SequenceWriter::append_places(Sequence& sequence, int64_t count) const {
  sequence.tokens.resize(sequence.tokens.size() + count, padding_);
  sequence.taught.resize(sequence.tokens.size(), 0);
}

void SequenceWriter::append_picture(Sequence& sequence, const Picture& picture) const {
  append_text(sequence, kPictureStart, false);
  sequence.pictures.push_back(
      {std::ssize(sequence.tokens), shape_.picture_tokens, fit_into_square(picture, shape_.side)});
  append_places(sequence, shape_.picture_tokens);
  append_text(sequence, kPictureEnd, false);
}

void SequenceWriter::append_sound(Sequence& sequence, const Sound& sound) const {
  append_text(sequence, kSoundStart, false);
  sequence.sounds.push_back({std::ssize(sequence.tokens), log_mel_(sound)});
  append_places(sequence, int64_t{sequence.sounds.back().spectrogram.chunks} * kChunkTokens);
  append_text(sequence, kSoundEnd, false);
}

// llama.cpp cuts a prompt at pictures and sounds into texts of their own, so what stands before the
// first part and after the last belongs to the text beside it: `text` is what is still to be cut.
void SequenceWriter::append_parts(Sequence& sequence, std::string& text,
                                  const std::vector<Part>& parts) const {
  for (const Part& part : parts) {
    if (const auto* words = std::get_if<std::string>(&part)) {
      text += *words;
      continue;
    }
    append_text(sequence, text, false);
    text.clear();
    if (const auto* picture = std::get_if<Picture>(&part)) append_picture(sequence, *picture);
    if (const auto* sound = std::get_if<Sound>(&part)) append_sound(sequence, *sound);
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
