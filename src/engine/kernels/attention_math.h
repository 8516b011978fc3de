// How queries look at a tile, written once for vectors of any width.
//
// `Vector` is a number type with kLanes floats, or half as many doubles, and a few operations
// (avx2/vector_256.h, vnni/vector_512.h). Queries that own equally many cells go together, so that
// each load of a key or a value serves several.

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
  using Doubles = typename Vector::Doubles;

  static constexpr int kLanes = Vector::kLanes;
  static constexpr int kHalf = kLanes / 2;           // doubles in a vector
  static constexpr int kWide = kTileCells / kLanes;  // vectors of a tile's cells
  static constexpr int kGathered = 4;                // vectors of values that are summed at a time
  static constexpr int kMostQueries = Vector::kTileQueries;

  // e^score as 2^exponent times a fraction of about 0.7 to 1.4, to about 1e-7 relative while
  // |score| is below 2^22. NaN stays NaN.
  struct Power {
    Floats exponent;
    Floats fraction;
  };

  // The exponent is whole, so the rest is at most ln 2 / 2: a polynomial of degree 6.
  static Power exp_of(Floats score) {
    const Floats n = Vector::rounded(Vector::multiply(score, Vector::all(1.44269504f)));
    Floats rest = Vector::multiply_add(n, Vector::all(-0.693145752f), score);
    rest = Vector::multiply_add(n, Vector::all(-1.42860677e-6f), rest);
    Floats sum = Vector::all(1.0f / 720);
    for (const float coefficient : {1.0f / 120, 1.0f / 24, 1.0f / 6, 0.5f, 1.0f, 1.0f}) {
      sum = Vector::multiply_add(sum, rest, Vector::all(coefficient));
    }
    return {n, sum};
  }

  // Adds a query's scores of a tile to its softmax and writes their weights; cells that are not its
  // own weigh nothing. Returns the factor for what was gathered before.
  static double weigh(const TileQuery& query, float scale, const Floats (&scores)[kWide],
                      double (&weights)[kTileCells]) {
    const Floats none = Vector::all(-std::numeric_limits<float>::infinity());
    Partial& partial = *query.partial;
    Floats largest = Vector::all(partial.exponent);
    Power powers[kWide];
    for (int i = 0; i < kWide; i++) {
      powers[i] = exp_of(Vector::multiply_add(scores[i], Vector::all(scale),
                                              Vector::load(query.biases + i * kLanes)));
      powers[i].exponent = Vector::first(query.count - i * kLanes, powers[i].exponent, none);
      largest = Vector::largest(powers[i].exponent, largest);
    }
    const float before = partial.exponent;
    partial.exponent = Vector::largest_lane(largest);
    Doubles sum = Vector::all_doubles(0);
    for (int i = 0; i < kWide; i++) {
      Floats shift = Vector::subtract(powers[i].exponent, Vector::all(partial.exponent));
      shift = Vector::largest(Vector::all(-126), shift);
      Floats weight = Vector::multiply(powers[i].fraction, Vector::power_of_two(shift));
      weight = Vector::first(query.count - i * kLanes, weight, Vector::all(0));
      const Doubles low = Vector::low_doubles(weight);
      const Doubles high = Vector::high_doubles(weight);
      Vector::store(weights + i * kLanes, low);
      Vector::store(weights + i * kLanes + kHalf, high);
      sum = Vector::add(sum, Vector::add(low, high));
    }
    const double factor = power_of_two_between(before, partial.exponent);
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
                     const double (&weights)[kQueries][kTileCells],
                     const double (&factors)[kQueries], int from) {
    Doubles sums[kQueries][kVectors];
    for (int q = 0; q < kQueries; q++) {
      for (int v = 0; v < kVectors; v++) {
        const double* before = queries[q].partial->gathered + from + v * kHalf;
        sums[q][v] = Vector::multiply(Vector::load(before), Vector::all_doubles(factors[q]));
      }
    }
    const float* values = tile.values + from;
    for (int cell = 0; cell < queries->count; cell++, values += tile.value_size) {
      for (int v = 0; v < kVectors; v++) {
        const Doubles value = Vector::load_doubles(values + v * kHalf);
        for (int q = 0; q < kQueries; q++) {
          const Doubles weight = Vector::all_doubles(weights[q][cell]);
          sums[q][v] = Vector::multiply_add(weight, value, sums[q][v]);
        }
      }
    }
    for (int q = 0; q < kQueries; q++) {
      for (int v = 0; v < kVectors; v++) {
        Vector::store(queries[q].partial->gathered + from + v * kHalf, sums[q][v]);
      }
    }
  }

  // Queries that own equally many of the tile's cells.
  template <int kQueries>
  static void attend_together(const AttentionTile& tile, const TileQuery* queries) {
    Floats scores[kQueries][kWide];
    score<kQueries>(tile, queries, scores);
    double weights[kQueries][kTileCells];
    double factors[kQueries];
    for (int q = 0; q < kQueries; q++) {
      factors[q] = weigh(queries[q], tile.scale, scores[q], weights[q]);
    }
    int from = 0;
    for (; from + kGathered * kHalf <= tile.value_size; from += kGathered * kHalf) {
      gather<kQueries, kGathered>(tile, queries, weights, factors, from);
    }
    for (; from < tile.value_size; from += kHalf) {
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
