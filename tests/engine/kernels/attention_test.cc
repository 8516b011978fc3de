// Attention through ggml, against plain arithmetic in double precision.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <functional>
#include <limits>
#include <random>

#include "engine/kernels/attention.h"
#include "engine/kernels/catalogue.h"
#include "engine/kernels/graph.h"
#include "engine/kernels/random_weights.h"

namespace melete::engine::kernels::testing {
namespace {

constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();

struct Case {
  int size;  // of a head
  int key_heads;
  int heads_per_key;
  int columns;
  int cells;
  int threads;
  std::function<bool(int column, int cell)> attends;
  ggml_type type = GGML_TYPE_F16;  // of keys and values

  size_t row_bytes() const { return ggml_row_size(type, size); }
};

// Keys or values as a cache keeps them, one row for each key head and cell.
using Rows = std::vector<std::byte>;

Rows as_rows(const Case& shape, const std::vector<float>& values) {
  Rows rows(ggml_row_size(shape.type, static_cast<int64_t>(values.size())));
  ggml_quantize_chunk(shape.type, values.data(), rows.data(), 0,
                      static_cast<int64_t>(values.size()) / shape.size, shape.size, nullptr);
  return rows;
}

std::vector<float> row_of(const Case& shape, const Rows& rows, int row) {
  std::vector<float> floats(shape.size);
  ggml_get_type_traits(shape.type)
      ->to_float(&rows[row * shape.row_bytes()], floats.data(), shape.size);
  return floats;
}

// Overwrites the first number of a row of f16.
void set_first(const Case& shape, Rows& rows, int row, float value) {
  const ggml_fp16_t half = ggml_fp32_to_fp16(value);
  std::memcpy(&rows[row * shape.row_bytes()], &half, sizeof(half));
}

struct Inputs {
  Inputs() = default;
  explicit Inputs(const Case& shape)
      : queries(
            random_values(shape.size * shape.columns * shape.key_heads * shape.heads_per_key, 1)),
        keys(as_rows(shape, random_values(shape.size * shape.cells * shape.key_heads, 2))),
        values(as_rows(shape, random_values(shape.size * shape.cells * shape.key_heads, 3))) {
    for (int column = 0; column < shape.columns; column++) {
      for (int cell = 0; cell < shape.cells; cell++) {
        mask.push_back(ggml_fp32_to_fp16(shape.attends(column, cell) ? 0 : kMinusInfinity));
      }
    }
  }

  std::vector<float> queries;     // [head][column][number]
  Rows keys;                      // [key head][cell]
  Rows values;                    // likewise
  std::vector<ggml_fp16_t> mask;  // [column][cell]
};

// What one column and head must get.
std::vector<float> expected_row(const Case& shape, const Inputs& in, int column, int head) {
  const float* query = &in.queries[(head * shape.columns + column) * shape.size];
  const int first_cell = head / shape.heads_per_key * shape.cells;
  const double scale = 1 / std::sqrt(static_cast<double>(shape.size));
  std::vector<double> sums(shape.size, 0);
  double total = 0;
  for (int cell = 0; cell < shape.cells; cell++) {
    if (!shape.attends(column, cell)) continue;
    const auto key = row_of(shape, in.keys, first_cell + cell);
    const auto value = row_of(shape, in.values, first_cell + cell);
    double score = 0;
    for (int i = 0; i < shape.size; i++) score += query[i] * key[i];
    const double weight = std::exp(score * scale);
    total += weight;
    for (int i = 0; i < shape.size; i++) sums[i] += weight * value[i];
  }
  std::vector<float> row;
  for (const double sum : sums) row.push_back(static_cast<float>(total == 0 ? 0 : sum / total));
  return row;
}

// What our attention gives, [column][head][number].
std::vector<float> attention_of(const Case& shape, const Inputs& in) {
  const int heads = shape.key_heads * shape.heads_per_key;
  Graph graph;
  ggml_context* context = graph.values();
  ggml_tensor* queries =
      ggml_new_tensor_3d(context, GGML_TYPE_F32, shape.size, shape.columns, heads);
  ggml_tensor* keys =
      ggml_new_tensor_3d(context, shape.type, shape.size, shape.cells, shape.key_heads);
  ggml_tensor* values =
      ggml_new_tensor_3d(context, shape.type, shape.size, shape.cells, shape.key_heads);
  ggml_tensor* mask = ggml_new_tensor_2d(context, GGML_TYPE_F16, shape.cells, shape.columns);
  const float scale = 1 / std::sqrt(static_cast<float>(shape.size));
  ggml_tensor* result = ggml_flash_attn_ext(context, queries, keys, values, mask, scale, 0, 0);
  EXPECT_TRUE(can_attend(*result));
  graph.allocate(result);
  ggml_backend_tensor_set(queries, in.queries.data(), 0, ggml_nbytes(queries));
  ggml_backend_tensor_set(keys, in.keys.data(), 0, ggml_nbytes(keys));
  ggml_backend_tensor_set(values, in.values.data(), 0, ggml_nbytes(values));
  ggml_backend_tensor_set(mask, in.mask.data(), 0, ggml_nbytes(mask));
  return graph.compute(result, shape.threads);
}

void expect_attention(const Case& shape) {
  const int heads = shape.key_heads * shape.heads_per_key;
  const Inputs in(shape);
  const auto out = attention_of(shape, in);
  for (int column = 0; column < shape.columns; column++) {
    for (int head = 0; head < heads; head++) {
      const auto expected = expected_row(shape, in, column, head);
      for (int i = 0; i < shape.size; i++) {
        ASSERT_NEAR(out[(column * heads + head) * shape.size + i], expected[i], 1e-4)
            << "column " << column << ", head " << head << ", number " << i;
      }
    }
  }
}

enum class CellOrder { Same, Shuffled };

// One column and its own cells, closed up, as if nobody else were in the pool.
Inputs alone(const Case& shape, const Inputs& in, int column, CellOrder order) {
  std::vector<int> cells;
  for (int cell = 0; cell < shape.cells; cell++) {
    if (shape.attends(column, cell)) cells.push_back(cell);
  }
  if (order == CellOrder::Shuffled) std::ranges::shuffle(cells, std::mt19937(column));
  const int size = shape.size;
  Inputs out;
  for (int head = 0; head < shape.key_heads * shape.heads_per_key; head++) {
    const auto query = in.queries.begin() + (head * shape.columns + column) * size;
    out.queries.insert(out.queries.end(), query, query + size);
  }
  for (int head = 0; head < shape.key_heads; head++) {
    for (const int cell : cells) {
      const size_t from = (head * shape.cells + cell) * shape.row_bytes();
      const size_t end = from + shape.row_bytes();
      out.keys.insert(out.keys.end(), in.keys.begin() + from, in.keys.begin() + end);
      out.values.insert(out.values.end(), in.values.begin() + from, in.values.begin() + end);
      if (head == 0) out.mask.push_back(in.mask[column * shape.cells + cell]);
    }
  }
  return out;
}

// Every column gets the bits that it gets alone and by one thread.
void expect_each_as_alone(const Case& shape, CellOrder order = CellOrder::Same) {
  const Inputs in(shape);
  const auto together = attention_of(shape, in);
  const int numbers = shape.key_heads * shape.heads_per_key * shape.size;
  for (int column = 0; column < shape.columns; column++) {
    const Inputs own = alone(shape, in, column, order);
    Case single = shape;
    single.columns = 1;
    single.threads = 1;
    single.cells = static_cast<int>(own.mask.size());
    const auto expected = attention_of(single, own);
    for (int i = 0; i < numbers; i++) {
      ASSERT_EQ(together[column * numbers + i], expected[i])
          << "column " << column << ", number " << i;
    }
  }
}

bool everywhere(int, int) {
  return true;
}

TEST(Attention, OfOneColumnOverAllCells) {
  expect_attention({.size = 64,
                    .key_heads = 2,
                    .heads_per_key = 3,
                    .columns = 1,
                    .cells = 256,
                    .threads = 2,
                    .attends = everywhere});
}

TEST(Attention, OfManyColumnsThatShareAPrefix) {
  expect_attention({.size = 128,
                    .key_heads = 2,
                    .heads_per_key = 6,
                    .columns = 8,
                    .cells = 512,
                    .threads = 2,
                    .attends = [](int column, int cell) {
                      return cell < 200 || (cell < 300 && cell % 8 == column);
                    }});
}

TEST(Attention, LeavesForeignCellsOut) {
  expect_attention(
      {.size = 64,
       .key_heads = 1,
       .heads_per_key = 1,
       .columns = 2,
       .cells = 1024,
       .threads = 3,
       .attends = [](int column, int cell) { return cell >= 900 && cell < 903 + column; }});
}

TEST(Attention, GivesZerosToAColumnWithoutCells) {
  expect_attention({.size = 32,
                    .key_heads = 1,
                    .heads_per_key = 2,
                    .columns = 3,
                    .cells = 64,
                    .threads = 2,
                    .attends = [](int column, int) { return column != 1; }});
}

TEST(Attention, TakesMoreThreadsThanCells) {
  expect_attention({.size = 16,
                    .key_heads = 1,
                    .heads_per_key = 1,
                    .columns = 1,
                    .cells = 5,
                    .threads = 8,
                    .attends = everywhere});
}

TEST(Attention, OfHeadsThatAreNoMultipleOf32) {
  expect_attention({.size = 80,
                    .key_heads = 2,
                    .heads_per_key = 1,
                    .columns = 7,
                    .cells = 100,
                    .threads = 2,
                    .attends = [](int column, int cell) { return cell <= 90 + column; }});
}

TEST(Attention, OfAPromptInBlocksOfColumns) {
  expect_attention({.size = 64,
                    .key_heads = 2,
                    .heads_per_key = 3,
                    .columns = 150,
                    .cells = 256,
                    .threads = 3,
                    .attends = [](int column, int cell) { return cell <= column + 20; }});
}

TEST(Attention, OfAColumnDoesNotDependOnThoseThatShareItsPrompt) {
  expect_each_as_alone(
      {.size = 64,
       .key_heads = 2,
       .heads_per_key = 6,
       .columns = 33,
       .cells = 768,
       .threads = 3,
       .attends = [](int column, int cell) { return cell < 201 || cell % 33 == column; }});
}

TEST(Attention, OfAColumnDoesNotDependOnForeignCells) {
  expect_each_as_alone({.size = 128,
                        .key_heads = 1,
                        .heads_per_key = 2,
                        .columns = 5,
                        .cells = 2000,
                        .threads = 2,
                        .attends = [](int column, int cell) {
                          return cell / 7 % 5 == column || (column == 3 && cell > 1200);
                        }});
}

TEST(Attention, OfATokenIsThatOfItsPrompt) {
  expect_each_as_alone({.size = 64,
                        .key_heads = 3,
                        .heads_per_key = 3,
                        .columns = 100,
                        .cells = 256,
                        .threads = 2,
                        .attends = [](int column, int cell) { return cell <= column + 120; }});
}

TEST(Attention, OfAColumnDoesNotDependOnWhereItsCellsLie) {
  expect_each_as_alone(
      {.size = 64,
       .key_heads = 2,
       .heads_per_key = 3,
       .columns = 24,
       .cells = 1500,
       .threads = 2,
       .attends = [](int column, int cell) { return cell < 700 || cell % 24 == column; }},
      CellOrder::Shuffled);
}

TEST(Attention, OverACacheOfBytes) {
  const Case shape = {
      .size = 64,
      .key_heads = 2,
      .heads_per_key = 3,
      .columns = 40,
      .cells = 200,
      .threads = 2,
      .attends = [](int column, int cell) { return cell < 90 || cell % 40 == column; },
      .type = GGML_TYPE_Q8_0};
  expect_attention(shape);
  expect_each_as_alone(shape, CellOrder::Shuffled);
}

TEST(Attention, LeavesWhatItCannotReadToGgml) {
  const auto can = [](ggml_type type, int size) {
    Graph graph;
    ggml_context* context = graph.values();
    const auto tensor = [&](ggml_type kind) {
      return ggml_new_tensor_3d(context, kind, size, 4, 1);
    };
    ggml_tensor* mask = ggml_new_tensor_2d(context, GGML_TYPE_F16, 4, 4);
    return can_attend(*ggml_flash_attn_ext(context, tensor(GGML_TYPE_F32), tensor(type),
                                           tensor(type), mask, 1, 0, 0));
  };
  EXPECT_TRUE(can(GGML_TYPE_Q8_0, 96));
  EXPECT_TRUE(can(GGML_TYPE_F16, 80));
  EXPECT_FALSE(can(GGML_TYPE_Q4_0, 64));
  EXPECT_FALSE(can(GGML_TYPE_F16, 512));
}

// More tiles than the narrowest spans hold.
TEST(Attention, OfLongContexts) {
  const Case shape = {.size = 16,
                      .key_heads = 1,
                      .heads_per_key = 2,
                      .columns = 3,
                      .cells = 9000,
                      .threads = 2,
                      .attends = [](int column, int cell) { return cell < 3000 * (column + 1); }};
  expect_attention(shape);
  expect_each_as_alone(shape);
}

TEST(Attention, AddsTheMasksNumbers) {
  const Case shape = {.size = 32,
                      .key_heads = 1,
                      .heads_per_key = 1,
                      .columns = 2,
                      .cells = 40,
                      .threads = 1,
                      .attends = everywhere};
  Inputs in(shape);
  // The second column's bias makes one cell outweigh all others.
  in.mask[40 + 35] = ggml_fp32_to_fp16(100);
  const auto out = attention_of(shape, in);
  const auto value = row_of(shape, in.values, 35);
  for (int i = 0; i < shape.size; i++) EXPECT_NEAR(out[shape.size + i], value[i], 1e-5);
}

TEST(Attention, KeepsABadCellToItsOwnColumns) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), -kMinusInfinity}) {
    const Case shape = {.size = 64,
                        .key_heads = 1,
                        .heads_per_key = 2,
                        .columns = 40,
                        .cells = 64,
                        .threads = 2,
                        .attends = [](int column, int cell) { return cell <= column; }};
    Inputs in(shape);
    set_first(shape, in.keys, 20, bad);
    set_first(shape, in.values, 20, bad);
    const auto out = attention_of(shape, in);
    for (int column = 0; column < shape.columns; column++) {
      const float first = out[static_cast<size_t>(column) * 2 * shape.size];
      EXPECT_EQ(std::isfinite(first), column < 20) << "column " << column;
    }
  }
}

}  // namespace
}  // namespace melete::engine::kernels::testing
