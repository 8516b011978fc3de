#include "data/packing.h"

#include <algorithm>

namespace melete::train {

namespace {

// What stands at the places from `begin` to `end`, counted from there.
template <typename Placed>
std::vector<Placed> within(const std::vector<Placed>& all, int64_t begin, int64_t end) {
  std::vector<Placed> some;
  for (const Placed& one : all) {
    if (one.first < begin || one.first >= end) continue;
    some.push_back(one);
    some.back().first -= begin;
  }
  return some;
}

}  // namespace

PackedRows rows_of(const PackedRows& packed, int64_t first, int64_t count) {
  const int64_t begin = first * packed.length;
  const int64_t end = begin + count * packed.length;
  const auto cut = [&](const std::vector<int64_t>& places) {
    return std::vector<int64_t>(places.begin() + begin, places.begin() + end);
  };
  return {.rows = count,
          .length = packed.length,
          .tokens = cut(packed.tokens),
          .next = cut(packed.next),
          .positions = cut(packed.positions),
          .sequences = cut(packed.sequences),
          .blocks = cut(packed.blocks),
          .pictures = within(packed.pictures, begin, end),
          .sounds = within(packed.sounds, begin, end)};
}

Packer::Packer(int64_t rows, int64_t length, int32_t padding) : used_(rows) {
  const auto places = static_cast<size_t>(rows * length);
  packed_.rows = rows;
  packed_.length = length;
  packed_.tokens.assign(places, padding);
  packed_.next.assign(places, -1);
  packed_.positions.resize(places);
  packed_.sequences.resize(places);
  packed_.blocks.resize(places);
}

bool Packer::add(const Sequence& sequence) {
  const auto count = std::ssize(sequence.tokens);
  const auto room = [&](int64_t used) { return used + count <= packed_.length; };
  const auto row = std::ranges::find_if(used_, room);
  if (row == used_.end()) return false;
  const int64_t first = (row - used_.begin()) * packed_.length + *row;
  ++sequences_;
  for (int64_t i = 0; i < count; ++i) {
    packed_.tokens[first + i] = sequence.tokens[i];
    packed_.positions[first + i] = i;
    packed_.sequences[first + i] = sequences_;
    if (sequence.taught[i] != 0 && i > 0) packed_.next[first + i - 1] = sequence.tokens[i];
  }
  for (const PlacedPicture& picture : sequence.pictures) {
    packed_.pictures.push_back({first + picture.first, picture.tokens, picture.square});
    std::fill_n(packed_.blocks.begin() + first + picture.first, picture.tokens,
                std::ssize(packed_.pictures));
  }
  for (const PlacedSound& sound : sequence.sounds) {
    packed_.sounds.push_back({first + sound.first, sound.spectrogram});
  }
  *row += count;
  return true;
}

}  // namespace melete::train
