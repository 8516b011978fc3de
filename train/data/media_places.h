// An example as a model reads it: tokens, with places left for what pictures and sounds become.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "data/example.h"
#include "senses/spectrogram.h"

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
  int64_t picture_tokens = 64;  // that it becomes; 0: there is no eye
  int bands = 64;               // of spectrograms; 0: there is no ear
};

// What llama.cpp writes around a picture or sound; nothing around a text.
struct MediaMarks {
  std::string_view start;
  std::string_view end;
};
MediaMarks marks_around(const Part& part);

// Immutable after construction, so any number of threads may use one.
class MediaPlaces {
 public:
  // `padding` is the token of the places.
  MediaPlaces(const MediaShape& shape, int32_t padding);

  // Whether the model has the sense for a part; any has that for text.
  bool takes(const Part& part) const;

  // Appends what a picture with pixels, or a sound of at least two samples, becomes, without the
  // marks around it. The model has the sense for it. Milliseconds for a second of sound.
  void append(Sequence& sequence, const Part& part) const;

 private:
  void append_places(Sequence& sequence, int64_t count) const;

  MediaShape shape_;
  int32_t padding_;
  std::optional<LogMel> log_mel_;
};

}  // namespace melete::train
