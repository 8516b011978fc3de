// Texts as words, the way examples are compared: without case, punctuation and spaces, as numbers.

#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace melete::train {

// The bytes of the character that a text begins with; 0 where it begins with none, as in broken
// UTF-8. O(1).
size_t character_length(std::string_view text);

bool is_utf8(std::string_view text);

// One number for each word. A word ends at white space and is without punctuation at its ends;
// letters of ASCII are the same in either case. From U+3000 on, where scripts have no spaces, each
// character is a word. `text` is UTF-8. O(bytes).
std::vector<uint64_t> words_of(std::string_view text);

// One number for a run of words.
uint64_t hash_of(std::span<const uint64_t> words);

// One number for bytes, the same on every machine.
uint64_t hash_of(std::string_view bytes);

}  // namespace melete::train
