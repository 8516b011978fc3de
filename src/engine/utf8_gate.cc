#include "engine/utf8_gate.h"

namespace melete::engine {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct Character {
  size_t length = 0;  // bytes, 1 for an invalid one
  bool valid = false;
  bool unfinished = false;  // valid so far, but the text ends
};

// Bounds of the second byte shut out overlong forms, surrogates and what lies past U+10FFFF.
bool second_fits(unsigned char lead, unsigned char second) {
  if (lead == 0xE0) return second >= 0xA0 && second <= 0xBF;
  if (lead == 0xED) return second >= 0x80 && second <= 0x9F;
  if (lead == 0xF0) return second >= 0x90 && second <= 0xBF;
  if (lead == 0xF4) return second >= 0x80 && second <= 0x8F;
  return second >= 0x80 && second <= 0xBF;
}

size_t length_after(unsigned char lead) {
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

Character first_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {1, true, false};
  const size_t length = length_after(lead);
  if (length == 0) return {1, false, false};
  for (size_t i = 1; i < length; ++i) {
    if (i == text.size()) return {i, true, true};
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool fits = i == 1 ? second_fits(lead, byte) : byte >= 0x80 && byte <= 0xBF;
    if (!fits) return {i, false, false};
  }
  return {length, true, false};
}

}  // namespace

std::string Utf8Gate::feed(std::string_view bytes) {
  waiting_.append(bytes);
  std::string text;
  text.reserve(waiting_.size());
  std::string_view rest = waiting_;
  while (!rest.empty()) {
    const Character character = first_character(rest);
    if (character.unfinished) break;
    text += character.valid ? rest.substr(0, character.length) : kReplacement;
    rest.remove_prefix(character.length);
  }
  waiting_.erase(0, waiting_.size() - rest.size());
  return text;
}

std::string Utf8Gate::finish() {
  if (waiting_.empty()) return {};
  waiting_.clear();
  return std::string(kReplacement);
}

}  // namespace melete::engine
