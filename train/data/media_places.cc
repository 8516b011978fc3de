#include "data/media_places.h"

#include "base/check.h"
#include "text/vocabulary.h"

namespace melete::train {

MediaMarks marks_around(const Part& part) {
  if (std::holds_alternative<Picture>(part)) return {kPictureStart, kPictureEnd};
  if (std::holds_alternative<Sound>(part)) return {kSoundStart, kSoundEnd};
  return {};
}

MediaPlaces::MediaPlaces(const MediaShape& shape, int32_t padding)
    : shape_(shape), padding_(padding) {
  if (shape.bands > 0) log_mel_.emplace(shape.bands);
}

bool MediaPlaces::takes(const Part& part) const {
  if (std::holds_alternative<Picture>(part)) return shape_.picture_tokens > 0;
  if (std::holds_alternative<Sound>(part)) return log_mel_.has_value();
  return true;
}

void MediaPlaces::append(Sequence& sequence, const Part& part) const {
  MELETE_CHECK(takes(part), "the model has the sense for it");
  const int64_t first = std::ssize(sequence.tokens);
  if (const auto* picture = std::get_if<Picture>(&part)) {
    sequence.pictures.push_back(
        {first, shape_.picture_tokens, fit_into_square(*picture, shape_.side)});
    append_places(sequence, shape_.picture_tokens);
  } else if (const auto* sound = std::get_if<Sound>(&part)) {
    sequence.sounds.push_back({first, (*log_mel_)(*sound)});
    append_places(sequence, int64_t{sequence.sounds.back().spectrogram.chunks} * kChunkTokens);
  }
}

void MediaPlaces::append_places(Sequence& sequence, int64_t count) const {
  sequence.tokens.resize(sequence.tokens.size() + count, padding_);
  sequence.taught.resize(sequence.tokens.size(), 0);
}

}  // namespace melete::train
