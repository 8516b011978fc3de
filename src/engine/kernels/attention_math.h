// How queries look at a tile, written once for vectors of any width.
//
// `Vector` is a number type with kLanes floats and a few operations (avx2/vector_256.h,
// vnni/vector_512.h). Queries that own equally many cells go together, so that each load of a key
// or a value serves several.

#pragma once

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>

#include "engine/kernels/attention_tile.h"

namespace melete::engine::kernels {

template <typename Vector>
class TileMath {
  using Floats = typename Vector::Floats;

  static constexpr int kLanes = Vector::kLanes;
  static constexpr int kWide = kTileCells / kLanes;  // vectors of a tile's cells
  static constexpr int kMostQueries = Vector::kTileQueries;

  // exp(x) for x <= 0, to about 1e-7 relative: 2^n * e^r with |r| <= ln 2 / 2 and a polynomial of
  // degree 6. NaN stays NaN.
  static Floats exp_of(Floats x) {
    x = Vector::largest(Vector::all(-87.3f), x);
    const Floats n = Vector::rounded(Vector::multiply(x, Vector::all(1.44269504f)));
    Floats r = Vector::multiply_add(n, Vector::all(-0.693145752f), x);
    r = Vector::multiply_add(n, Vector::all(-1.42860677e-6f), r);
    Floats sum = Vector::all(1.0f / 720);
    for (const float coefficient : {1.0f / 120, 1.0f / 24, 1.0f / 6, 0.5f, 1.0f, 1.0f}) {
      sum = Vector::multiply_add(sum, r, Vector::all(coefficient));
    }
    return Vector::multiply(sum, Vector::power_of_two(n));
  }

  // Adds a query's scores of a tile to its softmax and writes their weights; cells that are not its
  // own weigh nothing. Returns the factor for what was gathered before.
  static float weigh(const TileQuery& query, float scale, Floats (&scores)[kWide],
                     float (&weights)[kTileCells]) {
    const Floats none = Vector::all(-std::numeric_limits<float>::infinity());
    Partial& partial = *query.partial;
    Floats largest = Vector::all(partial.largest);
    for (int i = 0; i < kWide; i++) {
      const Floats score = Vector::multiply_add(scores[i], Vector::all(scale),
                                                Vector::load(query.biases + i * kLanes));
      scores[i] = Vector::first(query.count - i * kLanes, score, none);
      largest = Vector::largest(scores[i], largest);
    }
    const float before = partial.largest;
    partial.largest = Vector::largest_lane(largest);
    Floats sum = Vector::all(0);
    for (int i = 0; i < kWide; i++) {
      const Floats relative = Vector::subtract(scores[i], Vector::all(partial.largest));
      const Floats lanes =
          Vector::first(query.count - i * kLanes, exp_of(relative), Vector::all(0));
      Vector::store(weights + i * kLanes, lanes);
      sum = Vector::add(sum, lanes);
    }
    const float factor = before == partial.largest ? 1 : std::exp(before - partial.largest);
    partial.sum = partial.sum * factor + Vector::sum_of_lanes(sum);
    return factor;
  }

  // The queries' scores of all the tile's cells.
  template <int kQueries>
  static void score(const AttentionTile& tile, const TileQuery* queries,
                    Floats (&scores)[kQueries][kWide]) {
    for (auto& of_query : scores) std::fill_n(of_query, kWide, Vector::all(0));
    const float* keys = tile.keys;
    for (int i = 0; i < tile.key_size; i++, keys += kTileCells) {
      for (int j = 0; j < kWide; j++) {
        const Floats key = Vector::load(keys + j * kLanes);
        for (int q = 0; q < kQueries; q++) {
          scores[q][j] = Vector::multiply_add(Vector::all(queries[q].query[i]), key, scores[q][j]);
        }
      }
    }
  }

  // gathered = gathered * factor + the values times the weights, for kVectors vectors of numbers
  // from `from`.
  template <int kQueries, int kVectors>
  static void gather(const AttentionTile& tile, const TileQuery* queries,
                     const float (&weights)[kQueries][kTileCells], const float (&factors)[kQueries],
                     int from) {
    Floats sums[kQueries][kVectors];
    for (int q = 0; q < kQueries; q++) {
      for (int v = 0; v < kVectors; v++) {
        const float* before = queries[q].partial->gathered + from + v * kLanes;
        sums[q][v] = Vector::multiply(Vector::load(before), Vector::all(factors[q]));
      }
    }
    const float* values = tile.values + from;
    for (int cell = 0; cell < queries->count; cell++, values += tile.value_size) {
      for (int v = 0; v < kVectors; v++) {
        const Floats value = Vector::load(values + v * kLanes);
        for (int q = 0; q < kQueries; q++) {
          sums[q][v] = Vector::multiply_add(Vector::all(weights[q][cell]), value, sums[q][v]);
        }
      }
    }
    for (int q = 0; q < kQueries; q++) {
      for (int v = 0; v < kVectors; v++) {
        Vector::store(queries[q].partial->gathered + from + v * kLanes, sums[q][v]);
      }
    }
  }

  // Queries that own equally many of the tile's cells.
  template <int kQueries>
  static void attend_together(const AttentionTile& tile, const TileQuery* queries) {
    Floats scores[kQueries][kWide];
    score<kQueries>(tile, queries, scores);
    float weights[kQueries][kTileCells];
    float factors[kQueries];
    for (int q = 0; q < kQueries; q++) {
      factors[q] = weigh(queries[q], tile.scale, scores[q], weights[q]);
    }
    int from = 0;
    for (; from + kTileCells <= tile.value_size; from += kTileCells) {
      gather<kQueries, kWide>(tile, queries, weights, factors, from);
    }
    for (; from < tile.value_size; from += kLanes) {
      gather<kQueries, 1>(tile, queries, weights, factors, from);
    }
  }

  template <int kQueries>
  static void attend_some(const AttentionTile& tile, std::span<const TileQuery> queries) {
    if (queries.size() == kQueries) return attend_together<kQueries>(tile, queries.data());
    if constexpr (kQueries > 1) attend_some<kQueries - 1>(tile, queries);
  }

 public:
  static void attend(const AttentionTile& tile, std::span<const TileQuery> queries) {
    while (!queries.empty()) {
      size_t together = 1;
      while (together < std::min<size_t>(kMostQueries, queries.size()) &&
             queries[together].count == queries[0].count) {
        together++;
      }
      attend_some<kMostQueries>(tile, queries.first(together));
      queries = queries.subspan(together);
    }
  }
};

}  // namespace melete::engine::kernels
