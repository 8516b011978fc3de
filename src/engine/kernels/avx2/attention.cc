#include "engine/kernels/avx2/attention.h"

#include <cmath>
#include <initializer_list>
#include <limits>

#include "engine/kernels/avx2/vector.h"

namespace melete::engine::kernels::avx2 {
namespace {

constexpr uint16_t kMinusInfinity = 0xfc00;  // f16

const uint16_t* row_of(const CellRows& rows, int cell) {
  return reinterpret_cast<const uint16_t*>(rows.base + rows.cells[cell] * rows.stride);
}

__m256 floats_of(const CellRows& rows, int cell, int from) {
  if (cell >= rows.count) return _mm256_setzero_ps();
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
    _mm256_storeu_ps(tile + i * kCells, _mm256_permute2f128_ps(quads[i], quads[i + 4], 0x20));
    _mm256_storeu_ps(tile + (i + 4) * kCells, _mm256_permute2f128_ps(quads[i], quads[i + 4], 0x31));
  }
}

// exp(x) for x <= 0, to about 1e-7 relative: 2^n * e^r with |r| <= ln 2 / 2 and a polynomial of
// degree 6.
__m256 exp_of(__m256 x) {
  x = _mm256_max_ps(x, _mm256_set1_ps(-87.3f));
  const __m256 n = _mm256_round_ps(_mm256_mul_ps(x, _mm256_set1_ps(1.44269504f)),
                                   _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  __m256 r = _mm256_fnmadd_ps(n, _mm256_set1_ps(0.693145752f), x);
  r = _mm256_fnmadd_ps(n, _mm256_set1_ps(1.42860677e-6f), r);
  __m256 sum = _mm256_set1_ps(1.0f / 720);
  for (const float coefficient : {1.0f / 120, 1.0f / 24, 1.0f / 6, 0.5f, 1.0f, 1.0f}) {
    sum = _mm256_fmadd_ps(sum, r, _mm256_set1_ps(coefficient));
  }
  const __m256i power =
      _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23);
  return _mm256_mul_ps(sum, _mm256_castsi256_ps(power));
}

float largest_of(__m256 values) {
  __m128 four = _mm_max_ps(_mm256_castps256_ps128(values), _mm256_extractf128_ps(values, 1));
  four = _mm_max_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_max_ss(four, _mm_movehdup_ps(four)));
}

float sum_of(__m256 values) {
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(values), _mm256_extractf128_ps(values, 1));
  four = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(four, _mm_movehdup_ps(four)));
}

}  // namespace

void load_keys(const CellRows& rows, float* tile) {
  for (int cell = 0; cell < kCells; cell += 8) {
    for (int from = 0; from < rows.size; from += 8) {
      __m256 square[8];
      for (int i = 0; i < 8; i++) square[i] = floats_of(rows, cell + i, from);
      store_turned(square, tile + from * kCells + cell);
    }
  }
}

void load_values(const CellRows& rows, float* tile) {
  for (int cell = 0; cell < kCells; cell++) {
    for (int from = 0; from < rows.size; from += 8) {
      _mm256_storeu_ps(tile + cell * rows.size + from, floats_of(rows, cell, from));
    }
  }
}

Softmax look(const Look& look, const float* keys, int size, Softmax before) {
  __m256 scores[4] = {};
  for (int i = 0; i < size; i++, keys += kCells) {
    const __m256 query = _mm256_set1_ps(look.query[i]);
    for (int j = 0; j < 4; j++) {
      scores[j] = _mm256_fmadd_ps(query, _mm256_loadu_ps(keys + 8 * j), scores[j]);
    }
  }
  const __m256 scale = _mm256_set1_ps(look.scale);
  __m256 largest = _mm256_set1_ps(before.largest);
  for (int j = 0; j < 4; j++) {
    scores[j] = _mm256_fmadd_ps(scores[j], scale, _mm256_loadu_ps(look.bias + 8 * j));
    largest = _mm256_max_ps(scores[j], largest);
  }
  Softmax after = {.largest = largest_of(largest), .sum = 0};
  if (after.largest == -std::numeric_limits<float>::infinity()) {
    for (int j = 0; j < 4; j++) _mm256_storeu_ps(look.weights + 8 * j, _mm256_setzero_ps());
    return before;
  }
  const __m256 none = _mm256_set1_ps(-std::numeric_limits<float>::infinity());
  __m256 sum = _mm256_setzero_ps();
  for (int j = 0; j < 4; j++) {
    const __m256 live = _mm256_cmp_ps(scores[j], none, _CMP_NEQ_UQ);
    const __m256 relative = _mm256_sub_ps(scores[j], _mm256_set1_ps(after.largest));
    const __m256 weights = _mm256_and_ps(exp_of(relative), live);
    _mm256_storeu_ps(look.weights + 8 * j, weights);
    sum = _mm256_add_ps(sum, weights);
  }
  after.sum = before.sum * std::exp(before.largest - after.largest) + sum_of(sum);
  return after;
}

void gather(const Gather& gather, const float* values, int size) {
  for (int from = 0; from < size; from += 8) {
    __m256 sums[2] = {
        _mm256_mul_ps(_mm256_loadu_ps(gather.gathered + from), _mm256_set1_ps(gather.factor)),
        _mm256_setzero_ps()};
    for (int cell = 0; cell < kCells; cell += 2) {
      for (int i = 0; i < 2; i++) {
        sums[i] = _mm256_fmadd_ps(_mm256_set1_ps(gather.weights[cell + i]),
                                  _mm256_loadu_ps(values + (cell + i) * size + from), sums[i]);
      }
    }
    _mm256_storeu_ps(gather.gathered + from, _mm256_add_ps(sums[0], sums[1]));
  }
}

void mark_live(const uint16_t* mask, int count, uint8_t* live) {
  for (int cell = 0; cell < count; cell++) live[cell] |= mask[cell] != kMinusInfinity;
}

}  // namespace melete::engine::kernels::avx2
