#include "corpus/fingerprint.h"

#include "corpus/words.h"

namespace melete::train {

namespace {

template <typename Value>
uint64_t hash_of_values(const std::vector<Value>& values) {
  return hash_of(std::string_view(reinterpret_cast<const char*>(values.data()),
                                  values.size() * sizeof(Value)));
}

uint64_t hash_of_part(const Part& part) {
  if (const auto* picture = std::get_if<Picture>(&part)) {
    const std::vector<uint64_t> parts = {static_cast<uint64_t>(picture->width),
                                         hash_of_values(picture->pixels)};
    return hash_of(parts);
  }
  if (const auto* sound = std::get_if<Sound>(&part)) return hash_of_values(*sound);
  return hash_of(std::get<std::string>(part));
}

}  // namespace

std::vector<uint64_t> Fingerprint::words() const {
  std::vector<uint64_t> all;
  for (const auto& turn : turns) all.insert(all.end(), turn.begin(), turn.end());
  return all;
}

Fingerprint fingerprint_of(const Conversation& conversation) {
  Fingerprint fingerprint;
  std::vector<uint64_t> everything;
  for (const Turn& turn : conversation) {
    everything.push_back(static_cast<uint64_t>(turn.speaker));
    everything.push_back(hash_of(turn.reasoning));
    for (const Part& part : turn.parts) {
      everything.push_back(hash_of_part(part));
      if (!std::holds_alternative<std::string>(part)) {
        fingerprint.media.push_back(everything.back());
      }
    }
    if (turn.speaker == Speaker::System) continue;
    fingerprint.turns.push_back(words_of(turn.reasoning + "\n" + text_of(turn)));
  }
  fingerprint.whole = hash_of(everything);
  return fingerprint;
}

}  // namespace melete::train
