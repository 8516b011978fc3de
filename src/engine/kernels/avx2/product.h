// The loop that every AVX2 product shares.
//
// A format says how to unpack a piece of a block into registers (Piece: 32 weights of eight rows),
// what the piece adds to a column's integers, and how a finished block joins the column's floats.
// Up to four columns keep their integers in registers; more keep them in the first-level cache, so
// that a piece is unpacked once for the whole panel.

#pragma once

#include "engine/kernels/avx2/vector.h"
#include "engine/kernels/format.h"

namespace melete::engine::kernels::avx2 {

// Few columns. A format gives: Block, Column, kPieces; unpack(block, piece), dot(weights, column,
// piece), finish(block, column, integers, total).
template <typename Format, int kColumns>
void multiply_few(const Tile& tile) {
  const auto* block = reinterpret_cast<const typename Format::Block*>(tile.weights);
  const auto* columns = reinterpret_cast<const typename Format::Column*>(tile.activations);
  __m256 totals[kColumns];
  for (__m256& total : totals) total = _mm256_setzero_ps();
  for (int b = 0; b < tile.block_count; b++, block++, columns += kColumns) {
    __m256i sums[kColumns];
    for (__m256i& sum : sums) sum = _mm256_setzero_si256();
    for (int piece = 0; piece < Format::kPieces; piece++) {
      const auto weights = Format::unpack(*block, piece);
      for (int c = 0; c < kColumns; c++) {
        sums[c] = _mm256_add_epi32(sums[c], Format::dot(weights, columns[c], piece));
      }
    }
    for (int c = 0; c < kColumns; c++) {
      totals[c] = Format::finish(*block, columns[c], sums[c], totals[c]);
    }
  }
  for (int c = 0; c < kColumns; c++) _mm256_storeu_ps(tile.out + 8 * c, totals[c]);
}

template <typename Format>
void multiply_many(const Tile& tile) {
  const auto* block = reinterpret_cast<const typename Format::Block*>(tile.weights);
  const auto* columns = reinterpret_cast<const typename Format::Column*>(tile.activations);
  const int count = tile.column_count;
  __m256 totals[kPanelColumns];
  __m256i sums[kPanelColumns];
  for (int c = 0; c < count; c++) totals[c] = _mm256_setzero_ps();
  for (int b = 0; b < tile.block_count; b++, block++, columns += count) {
    for (int c = 0; c < count; c++) sums[c] = _mm256_setzero_si256();
    for (int piece = 0; piece < Format::kPieces; piece++) {
      const auto weights = Format::unpack(*block, piece);
      for (int c = 0; c < count; c++) {
        sums[c] = _mm256_add_epi32(sums[c], Format::dot(weights, columns[c], piece));
      }
    }
    for (int c = 0; c < count; c++) {
      totals[c] = Format::finish(*block, columns[c], sums[c], totals[c]);
    }
  }
  for (int c = 0; c < count; c++) _mm256_storeu_ps(tile.out + 8 * c, totals[c]);
}

template <typename Format>
void multiply(const Tile& tile) {
  switch (tile.column_count) {
    case 1:
      return multiply_few<Format, 1>(tile);
    case 2:
      return multiply_few<Format, 2>(tile);
    case 3:
      return multiply_few<Format, 3>(tile);
    case 4:
      return multiply_few<Format, 4>(tile);
    default:
      return multiply_many<Format>(tile);
  }
}

}  // namespace melete::engine::kernels::avx2
