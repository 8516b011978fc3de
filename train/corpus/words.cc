#include "corpus/words.h"

#include <xxhash.h>

#include <algorithm>
#include <string>

namespace melete::train {

namespace {

constexpr std::string_view kSpaces = " \t\n\v\f\r";
constexpr std::string_view kPunctuation = ".,;:!?\"'`()[]{}*_#";

// The first byte of U+3000 and all that follow it.
constexpr uint8_t kFirstWithoutSpaces = 0xe3;

bool is_word_by_itself(char first_byte) {
  return static_cast<uint8_t>(first_byte) >= kFirstWithoutSpaces;
}

// The shortest form of a character has its second byte in this range.
bool second_byte_fits(uint8_t first, uint8_t second) {
  const uint8_t low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const uint8_t high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  return second >= low && second <= high;
}

void append_word(std::vector<uint64_t>& words, std::string_view word) {
  const size_t first = word.find_first_not_of(kPunctuation);
  if (first == std::string_view::npos) return;
  std::string plain(word.substr(first, word.find_last_not_of(kPunctuation) + 1 - first));
  for (char& letter : plain) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  words.push_back(hash_of(plain));
}

}  // namespace

size_t character_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto first = static_cast<uint8_t>(text[0]);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (text.size() < length || !second_byte_fits(first, static_cast<uint8_t>(text[1]))) return 0;
  const auto follows = [](char byte) { return (static_cast<uint8_t>(byte) & 0xc0U) == 0x80; };
  return std::ranges::all_of(text.substr(2, length - 2), follows) ? length : 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const size_t length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::vector<uint64_t> words_of(std::string_view text) {
  std::vector<uint64_t> words;
  size_t begin = 0;
  for (size_t at = 0; at < text.size();) {
    if (is_word_by_itself(text[at])) {
      const size_t length = std::max<size_t>(1, character_length(text.substr(at)));
      append_word(words, text.substr(begin, at - begin));
      append_word(words, text.substr(at, length));
      begin = at += length;
    } else if (kSpaces.contains(text[at])) {
      append_word(words, text.substr(begin, at - begin));
      begin = ++at;
    } else {
      ++at;
    }
  }
  append_word(words, text.substr(begin));
  return words;
}

uint64_t hash_of(std::span<const uint64_t> words) {
  return XXH3_64bits(words.data(), words.size_bytes());
}

uint64_t hash_of(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace melete::train
