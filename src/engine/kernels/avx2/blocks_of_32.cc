// Q4_0, Q4_1 and Q8_0: every 32 weights have one scale, so each block goes straight from integers
// to floats.

#include "engine/kernels/avx2/kernels.h"
#include "engine/kernels/avx2/tile.h"
#include "engine/kernels/q4_0.h"
#include "engine/kernels/q4_1.h"
#include "engine/kernels/q8_0.h"

namespace melete::engine::kernels::avx2 {
namespace {

// 32-bit sums of a tile.
template <int kColumns>
struct WideSums {
  __m256i halves[kColumns][2];
};

template <int kColumns>
WideSums<kColumns> widened(const TileSums<kColumns>& tile) {
  WideSums<kColumns> sums{};
  for (int c = 0; c < kColumns; c++) {
    for (int half = 0; half < 2; half++) {
      sums.halves[c][half] = _mm256_madd_epi16(tile.halves[c][half], _mm256_set1_epi16(1));
    }
  }
  return sums;
}

// The products of quants in nibbles, at most 15 * 127 * 16 = 30,480 in each 16-bit lane.
template <int kColumns>
void add_nibbles(const uint8_t (&quants)[4][kGroupRows][4], const Activations32* columns,
                 TileSums<kColumns>& tile) {
  const __m256i nibble = _mm256_set1_epi8(15);
  for (int quad = 0; quad < 4; quad++) {
    const int8_t* values = &columns->quants[4 * quad];
    const __m256i first = load(quants[quad][0]);
    const __m256i second = load(quants[quad][8]);
    prefetch(quants[quad]);
    add_quad({_mm256_and_si256(first, nibble), _mm256_and_si256(second, nibble)}, values,
             sizeof(Activations32), tile);
    add_quad({bits_of<4>(first, nibble), bits_of<4>(second, nibble)}, values + 16,
             sizeof(Activations32), tile);
  }
}

// Adds scaled sums to a column's results.
template <typename Block>
void add_scaled(const Block& block, const Activations32& column, const __m256i (&sums)[2],
                Totals& totals) {
  for (int half = 0; half < 2; half++) {
    const __m256 scale =
        _mm256_mul_ps(load_f16(&block.scales[8 * half]), _mm256_set1_ps(column.scale));
    totals.halves[half] =
        _mm256_fmadd_ps(_mm256_cvtepi32_ps(sums[half]), scale, totals.halves[half]);
  }
}

struct Q4_0 {
  using Block = PackedQ4_0;

  // The offset (-8 times the activations) keeps the sum within 8 * 127 * 16.
  template <int kColumns>
  static WideSums<kColumns> sums(const Block& block, const Activations32* columns) {
    TileSums<kColumns> tile{};
    for (int c = 0; c < kColumns; c++) {
      tile.halves[c][0] = tile.halves[c][1] = broadcast_quad(&columns[c].offsets);
    }
    add_nibbles(block.quants, columns, tile);
    return widened(tile);
  }

  static void add_min(const Block&, const Activations32&, Totals&) {}
};

struct Q4_1 {
  using Block = PackedQ4_1;

  template <int kColumns>
  static WideSums<kColumns> sums(const Block& block, const Activations32* columns) {
    TileSums<kColumns> tile = {};
    add_nibbles(block.quants, columns, tile);
    return widened(tile);
  }

  static void add_min(const Block& block, const Activations32& column, Totals& totals) {
    for (int half = 0; half < 2; half++) {
      totals.halves[half] = _mm256_fmadd_ps(load_f16(&block.mins[8 * half]),
                                            _mm256_set1_ps(column.sum), totals.halves[half]);
    }
  }
};

struct Q8_0 {
  using Block = PackedQ8_0;

  // One factor must be unsigned: the weight gives its sign to the activation. A pair of products
  // may reach 128 * 127 * 2 = 32,512, so every pair is widened at once.
  template <int kColumns>
  static WideSums<kColumns> sums(const Block& block, const Activations32* columns) {
    WideSums<kColumns> sums = {};
    for (int quad = 0; quad < 8; quad++) {
      prefetch(block.quants[quad]);
      for (int half = 0; half < 2; half++) {
        const __m256i weights = load(block.quants[quad][8 * half]);
        const __m256i magnitudes = _mm256_abs_epi8(weights);
        for (int c = 0; c < kColumns; c++) {
          const __m256i column = broadcast_quad(&columns[c].quants[4 * quad]);
          const __m256i pairs = _mm256_maddubs_epi16(magnitudes, _mm256_sign_epi8(column, weights));
          sums.halves[c][half] = _mm256_add_epi32(sums.halves[c][half],
                                                  _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
        }
      }
    }
    return sums;
  }

  static void add_min(const Block&, const Activations32&, Totals&) {}
};

template <typename Format>
void multiply(const Tile& tile) {
  const auto* block = reinterpret_cast<const typename Format::Block*>(tile.weights);
  const auto* columns = reinterpret_cast<const Activations32*>(tile.activations);
  Totals totals[kPanelColumns];
  for (int c = 0; c < tile.column_count; c++) {
    totals[c] = {_mm256_setzero_ps(), _mm256_setzero_ps()};
  }
  for (int b = 0; b < tile.block_count; b++, block++, columns += tile.column_count) {
    for_each_tile(tile.column_count, [&]<int kColumns>(TileAt<kColumns> at) {
      const auto sums = Format::template sums<kColumns>(*block, columns + at.first);
      for (int c = 0; c < kColumns; c++) {
        add_scaled(*block, columns[at.first + c], sums.halves[c], totals[at.first + c]);
        Format::add_min(*block, columns[at.first + c], totals[at.first + c]);
      }
    });
  }
  store(totals, tile);
}

}  // namespace

void multiply_q4_0(const Tile& tile) {
  multiply<Q4_0>(tile);
}
void multiply_q4_1(const Tile& tile) {
  multiply<Q4_1>(tile);
}
void multiply_q8_0(const Tile& tile) {
  multiply<Q8_0>(tile);
}

}  // namespace melete::engine::kernels::avx2
