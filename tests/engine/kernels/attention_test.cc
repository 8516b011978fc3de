// Attention through ggml, against plain arithmetic in double precision.

#include <cmath>
#include <functional>
#include <limits>

#include "engine/kernels/attention.h"
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
};

std::vector<ggml_fp16_t> as_f16(const std::vector<float>& values) {
  std::vector<ggml_fp16_t> out(values.size());
  ggml_fp32_to_fp16_row(values.data(), out.data(), static_cast<int64_t>(values.size()));
  return out;
}

struct Inputs {
  explicit Inputs(const Case& shape)
      : queries(
            random_values(shape.size * shape.columns * shape.key_heads * shape.heads_per_key, 1)),
        keys(as_f16(random_values(shape.size * shape.cells * shape.key_heads, 2))),
        values(as_f16(random_values(shape.size * shape.cells * shape.key_heads, 3))) {
    for (int column = 0; column < shape.columns; column++) {
      for (int cell = 0; cell < shape.cells; cell++) {
        mask.push_back(ggml_fp32_to_fp16(shape.attends(column, cell) ? 0 : kMinusInfinity));
      }
    }
  }

  std::vector<float> queries;       // [head][column][number]
  std::vector<ggml_fp16_t> keys;    // [key head][cell][number]
  std::vector<ggml_fp16_t> values;  // likewise
  std::vector<ggml_fp16_t> mask;    // [column][cell]
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
    double score = 0;
    for (int i = 0; i < shape.size; i++) {
      score += query[i] * ggml_fp16_to_fp32(in.keys[(first_cell + cell) * shape.size + i]);
    }
    const double weight = std::exp(score * scale);
    total += weight;
    for (int i = 0; i < shape.size; i++) {
      sums[i] += weight * ggml_fp16_to_fp32(in.values[(first_cell + cell) * shape.size + i]);
    }
  }
  std::vector<float> row;
  for (const double sum : sums) row.push_back(static_cast<float>(total == 0 ? 0 : sum / total));
  return row;
}

void expect_attention(const Case& shape) {
  const int heads = shape.key_heads * shape.heads_per_key;
  const Inputs in(shape);
  Graph graph;
  ggml_context* context = graph.values();
  ggml_tensor* queries =
      ggml_new_tensor_3d(context, GGML_TYPE_F32, shape.size, shape.columns, heads);
  ggml_tensor* keys =
      ggml_new_tensor_3d(context, GGML_TYPE_F16, shape.size, shape.cells, shape.key_heads);
  ggml_tensor* values =
      ggml_new_tensor_3d(context, GGML_TYPE_F16, shape.size, shape.cells, shape.key_heads);
  ggml_tensor* mask = ggml_new_tensor_2d(context, GGML_TYPE_F16, shape.cells, shape.columns);
  const float scale = 1 / std::sqrt(static_cast<float>(shape.size));
  ggml_tensor* result = ggml_flash_attn_ext(context, queries, keys, values, mask, scale, 0, 0);
  ASSERT_TRUE(can_attend(*result));
  graph.allocate(result);
  ggml_backend_tensor_set(queries, in.queries.data(), 0, ggml_nbytes(queries));
  ggml_backend_tensor_set(keys, in.keys.data(), 0, ggml_nbytes(keys));
  ggml_backend_tensor_set(values, in.values.data(), 0, ggml_nbytes(values));
  ggml_backend_tensor_set(mask, in.mask.data(), 0, ggml_nbytes(mask));
  const auto out = graph.compute(result, shape.threads);
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
  expect_attention({.size = 8,
                    .key_heads = 1,
                    .heads_per_key = 1,
                    .columns = 1,
                    .cells = 5,
                    .threads = 8,
                    .attends = everywhere});
}

}  // namespace
}  // namespace melete::engine::kernels::testing
