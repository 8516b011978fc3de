// Examples as our own models read them.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/example.h"
#include "data/media_places.h"
#include "text/tokenizer.h"

namespace melete::train {

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
  void append_parts(Sequence& sequence, std::string& text, const std::vector<Part>& parts) const;

  Tokenizer tokenizer_;
  MediaPlaces media_;
};

}  // namespace melete::train
