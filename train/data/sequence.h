// An example as the model reads it: tokens, with places left for what pictures and sounds become.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/example.h"
#include "senses/spectrogram.h"
#include "text/tokenizer.h"

namespace melete::train {

struct PlacedPicture {
  int64_t first = 0;   // the place of its first token
  int64_t tokens = 0;  // places that it takes
  Picture square;
};

struct PlacedSound {
  int64_t first = 0;
  Spectrogram spectrogram;
};

struct Sequence {
  std::vector<int32_t> tokens;  // padding where a picture or sound stands
  std::vector<uint8_t> taught;  // for each token: 1 if the model has to learn to write it
  std::vector<PlacedPicture> pictures;
  std::vector<PlacedSound> sounds;
};

// What a model's eye and ear take.
struct MediaShape {
  int side = 64;                // of the square that pictures are fitted into, in pixels
  int64_t picture_tokens = 64;  // that it becomes
  int bands = 64;               // of spectrograms
};

// Immutable after construction, so any number of threads may use one.
class SequenceWriter {
 public:
  explicit SequenceWriter(const MediaShape& shape);

  // The question, and what opens the answer. Every picture has pixels and every sound at least two
  // samples. Milliseconds for a second of sound.
  Sequence question(const std::vector<Part>& parts) const;

  // The question and the whole answer, which is what is taught.
  Sequence whole(const Example& example) const;

  // What the engine shows and the model has to write: of the turns before the last without their
  // reasoning, and what had some is then not taught.
  Sequence whole(const Conversation& conversation) const;

 private:
  void append_text(Sequence& sequence, std::string_view text, bool taught) const;
  void append_places(Sequence& sequence, int64_t count) const;
  void append_parts(Sequence& sequence, std::string& text, const std::vector<Part>& parts) const;
  void append_picture(Sequence& sequence, const Picture& picture) const;
  void append_sound(Sequence& sequence, const Sound& sound) const;

  Tokenizer tokenizer_;
  LogMel log_mel_;
  int32_t padding_;
  MediaShape shape_;
};

}  // namespace melete::train
