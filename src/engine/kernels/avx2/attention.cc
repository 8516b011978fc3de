// Attention with AVX2.

#include "engine/kernels/attention_math.h"
#include "engine/kernels/avx2/kernels.h"
#include "engine/kernels/avx2/vector.h"
#include "engine/kernels/avx2/vector_256.h"

namespace melete::engine::kernels::avx2 {
namespace {

const uint16_t* row_of(const CellRows& rows, int cell) {
  return reinterpret_cast<const uint16_t*>(rows.base + rows.cells[cell] * rows.stride);
}

__m256 floats_of(const CellRows& rows, int cell, int from) {
  if (cell >= std::ssize(rows.cells)) return _mm256_setzero_ps();
  return load_f16(row_of(rows, cell) + from);
}

// Stores an 8 by 8 square turned over its diagonal, rows of `tile` being 32 floats.
void store_turned(const __m256 (&rows)[8], float* tile) {
  __m256 pairs[8];
  for (int i = 0; i < 8; i += 2) {
    pairs[i] = _mm256_unpacklo_ps(rows[i], rows[i + 1]);
    pairs[i + 1] = _mm256_unpackhi_ps(rows[i], rows[i + 1]);
  }
  __m256 quads[8];
  for (int i = 0; i < 8; i += 4) {
    quads[i] = _mm256_shuffle_ps(pairs[i], pairs[i + 2], 0x44);
    quads[i + 1] = _mm256_shuffle_ps(pairs[i], pairs[i + 2], 0xee);
    quads[i + 2] = _mm256_shuffle_ps(pairs[i + 1], pairs[i + 3], 0x44);
    quads[i + 3] = _mm256_shuffle_ps(pairs[i + 1], pairs[i + 3], 0xee);
  }
  for (int i = 0; i < 4; i++) {
    _mm256_storeu_ps(tile + i * kTileCells, _mm256_permute2f128_ps(quads[i], quads[i + 4], 0x20));
    _mm256_storeu_ps(tile + (i + 4) * kTileCells,
                     _mm256_permute2f128_ps(quads[i], quads[i + 4], 0x31));
  }
}

}  // namespace

void load_keys(const CellRows& rows, float* keys) {
  for (int cell = 0; cell < kTileCells; cell += 8) {
    for (int from = 0; from < rows.size; from += 8) {
      __m256 square[8];
      for (int i = 0; i < 8; i++) square[i] = floats_of(rows, cell + i, from);
      store_turned(square, keys + from * kTileCells + cell);
    }
  }
}

void load_values(const CellRows& rows, float* values) {
  for (int cell = 0; cell < std::ssize(rows.cells); cell++) {
    for (int from = 0; from < rows.size; from += 8) {
      _mm256_storeu_ps(values + cell * rows.size + from, floats_of(rows, cell, from));
    }
  }
}

const AttentionMath kAttention = {
    .load_keys = load_keys, .load_values = load_values, .attend = TileMath<Vector256>::attend};

}  // namespace melete::engine::kernels::avx2
