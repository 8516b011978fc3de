#include "engine/kernels/attention_cells.h"

#include <algorithm>
#include <cstring>

#include "engine/kernels/attention_tile.h"

namespace melete::engine::kernels {
namespace {

constexpr int kLeastTiles = 4;               // of a span
constexpr uint16_t kMinusInfinity = 0xfc00;  // f16
constexpr uint64_t kFourForeign = 0xfc00fc00fc00fc00;
constexpr uint16_t kMagnitude = 0x7fff;

int tiles_for(int64_t cells) {
  return static_cast<int>((cells + kTileCells - 1) / kTileCells);
}

}  // namespace

size_t AttentionCells::bytes(int columns, int64_t cells) {
  return columns * (sizeof(Header) + cells * sizeof(int32_t));
}

AttentionCells::AttentionCells(std::byte* memory, int columns, int64_t cells, int most_spans)
    : pool_(cells),
      most_spans_(most_spans),
      headers_(reinterpret_cast<Header*>(memory)),
      cells_(reinterpret_cast<int32_t*>(memory + columns * sizeof(Header))) {}

void AttentionCells::list(int column, const uint16_t* mask) {
  int32_t* cells = cells_ + column * pool_;
  int32_t count = 0;
  uint16_t bits = 0;
  const auto pool = static_cast<int32_t>(pool_);
  for (int32_t first = 0; first < pool; first += 4) {
    const int32_t end = std::min(first + 4, pool);
    uint64_t four = 0;
    std::memcpy(&four, mask + first, (end - first) * sizeof(uint16_t));
    if (four == kFourForeign) continue;
    for (int32_t cell = first; cell < end; cell++) {
      const bool own = mask[cell] != kMinusInfinity;
      cells[count] = cell;
      count += own;
      bits |= own ? mask[cell] : 0;
    }
  }
  headers_[column] = {.count = count, .biased = (bits & kMagnitude) != 0};
}

// Doubled until a column's spans are few enough: columns of about one length are cut alike.
int AttentionCells::span_tiles(int tiles) const {
  int width = kLeastTiles;
  while (tiles > width * most_spans_) width *= 2;
  return width;
}

int AttentionCells::span_count(int column) const {
  const int tiles = tiles_for(headers_[column].count);
  const int width = span_tiles(tiles);
  return (tiles + width - 1) / width;
}

int AttentionCells::tiles_of_span(int column) const {
  return span_tiles(tiles_for(headers_[column].count));
}

std::span<const int32_t> AttentionCells::tile(int column, int span, int tile) const {
  const int width = tiles_of_span(column);
  if (tile >= width) return {};
  const int first = (span * width + tile) * kTileCells;
  const int count = std::min(kTileCells, headers_[column].count - first);
  if (count <= 0) return {};
  return {cells_ + column * pool_ + first, static_cast<size_t>(count)};
}

}  // namespace melete::engine::kernels
