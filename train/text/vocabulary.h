// The tokens of our models: marks of chat and media, every byte, coordinates of pictures, words.
//
// llama.cpp knows this form as "rwkv": a text is cut greedily into the longest entries. No entry
// but a coordinate holds a digit, so that numbers are read digit by digit.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace melete::train {

enum class TokenKind { Text, Mark };  // marks are never shown to a reader

struct VocabularyEntry {
  std::string text;  // its bytes
  TokenKind kind = TokenKind::Text;
};

// All entries; the place is the id. The same in every build: files of models depend on it.
const std::vector<VocabularyEntry>& vocabulary();

// Marks, by what they stand for.
inline constexpr std::string_view kEndOfText = "<|endoftext|>";
inline constexpr std::string_view kTurnStart = "<|im_start|>";
inline constexpr std::string_view kTurnEnd = "<|im_end|>";
inline constexpr std::string_view kPadding = "<pad>";
inline constexpr std::string_view kPictureStart = "<start_of_image>";
inline constexpr std::string_view kPictureEnd = "<end_of_image>";
inline constexpr std::string_view kSoundStart = "<|audio_start|>";
inline constexpr std::string_view kSoundEnd = "<|audio_end|>";

// Each side of a picture is this long, whatever its pixels; coordinates go in steps. A point is
// "@x@y", a box "@left@top@right@bottom".
inline constexpr int kPictureUnits = 1000;
inline constexpr int kCoordinateStep = 10;

// "@340": the entry nearest to a coordinate of 0 to kPictureUnits; others are clamped.
std::string coordinate(double units);

}  // namespace melete::train
