#include "engine/kernels/attention.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <vector>

#include "engine/kernels/avx2/attention.h"
#include "engine/kernels/catalogue.h"
#include "engine/kernels/team.h"

namespace melete::engine::kernels {
namespace {

using avx2::kCells;

constexpr int kMostColumns = 64;
constexpr int kMostSize = 256;  // of a head
constexpr int kSlicesPerThread = 4;
constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();

struct Parameters {
  float scale;
  float bias;
  float soft_cap;
};

Parameters parameters_of(const ggml_tensor& operation) {
  Parameters parameters;
  std::memcpy(&parameters, operation.op_params, sizeof(parameters));
  return parameters;
}

// The operation's shape and how its work is cut.
struct Plan {
  const ggml_tensor& queries;
  const ggml_tensor& keys;
  const ggml_tensor& values;
  const ggml_tensor& mask;
  int columns;
  int key_heads;
  int heads_per_key;
  int key_size;
  int value_size;
  int spans;  // of the pool, for each key head
  float scale;

  int queries_per_key() const { return columns * heads_per_key; }
  // A query's result in a span: softmax, then the gathered values.
  size_t partial_floats() const { return 2 + value_size; }
  size_t span_floats() const { return queries_per_key() * partial_floats(); }
  size_t floats() const { return key_heads * spans * span_floats(); }
};

Plan plan_of(const ggml_tensor& operation, int threads) {
  const ggml_tensor& queries = *operation.src[0];
  const ggml_tensor& keys = *operation.src[1];
  const auto key_heads = static_cast<int>(keys.ne[2]);
  const int wanted = (kSlicesPerThread * threads + key_heads - 1) / key_heads;
  const auto tiles = static_cast<int>((keys.ne[1] + kCells - 1) / kCells);
  return {.queries = queries,
          .keys = keys,
          .values = *operation.src[2],
          .mask = *operation.src[3],
          .columns = static_cast<int>(queries.ne[1]),
          .key_heads = key_heads,
          .heads_per_key = static_cast<int>(queries.ne[2]) / key_heads,
          .key_size = static_cast<int>(keys.ne[0]),
          .value_size = static_cast<int>(operation.src[2]->ne[0]),
          .spans = std::clamp(wanted, 1, std::max(1, tiles)),
          .scale = parameters_of(operation).scale};
}

const std::byte* at(const ggml_tensor& tensor, int64_t i1, int64_t i2) {
  return static_cast<const std::byte*>(tensor.data) + i1 * tensor.nb[1] + i2 * tensor.nb[2];
}

const uint16_t* mask_of(const Plan& plan, int column) {
  return reinterpret_cast<const uint16_t*>(at(plan.mask, column, 0));
}

// The cells that some column attends to, in order.
std::vector<int32_t> live_cells(const Plan& plan) {
  const auto count = static_cast<int>(plan.keys.ne[1]);
  std::vector<uint8_t> live(count, 0);
  for (int column = 0; column < plan.columns; column++) {
    avx2::mark_live(mask_of(plan, column), count, live.data());
  }
  std::vector<int32_t> cells;
  for (int cell = 0; cell < count; cell++) {
    if (live[cell]) cells.push_back(cell);
  }
  return cells;
}

// One thread's room for a tile of cells.
struct Scratch {
  explicit Scratch(const Plan& plan)
      : tile(kCells * std::max(plan.key_size, plan.value_size)),
        biases(kCells * plan.columns),
        weights(kCells * plan.queries_per_key()),
        factors(plan.queries_per_key()) {}

  std::vector<float> tile;     // keys, then values
  std::vector<float> biases;   // [column][cell]
  std::vector<float> weights;  // [query][cell]
  std::vector<float> factors;  // of what each query gathered before
};

// One key head and the live cells of one span of the pool.
struct Slice {
  int key_head;
  std::span<const int32_t> cells;
  float* partials;  // of its queries: [column][head]
};

void load_biases(const Plan& plan, std::span<const int32_t> cells, Scratch& scratch) {
  std::ranges::fill(scratch.biases, kMinusInfinity);
  for (int column = 0; column < plan.columns; column++) {
    const uint16_t* mask = mask_of(plan, column);
    for (size_t i = 0; i < cells.size(); i++) {
      scratch.biases[column * kCells + i] = ggml_fp16_to_fp32(mask[cells[i]]);
    }
  }
}

avx2::CellRows rows_of(const ggml_tensor& tensor, const Slice& slice,
                       std::span<const int32_t> cells) {
  return {.base = at(tensor, 0, slice.key_head),
          .stride = tensor.nb[1],
          .cells = cells.data(),
          .count = static_cast<int>(cells.size()),
          .size = static_cast<int>(tensor.ne[0])};
}

// All queries of the slice look at one tile of cells.
void attend_tile(const Plan& plan, const Slice& slice, std::span<const int32_t> cells,
                 Scratch& scratch) {
  load_biases(plan, cells, scratch);
  avx2::load_keys(rows_of(plan.keys, slice, cells), scratch.tile.data());
  for (int query = 0; query < plan.queries_per_key(); query++) {
    const int column = query / plan.heads_per_key;
    const int head = slice.key_head * plan.heads_per_key + query % plan.heads_per_key;
    float* partial = slice.partials + query * plan.partial_floats();
    const avx2::Softmax before = {.largest = partial[0], .sum = partial[1]};
    const avx2::Softmax after =
        avx2::look({.query = reinterpret_cast<const float*>(at(plan.queries, column, head)),
                    .bias = &scratch.biases[column * kCells],
                    .scale = plan.scale,
                    .weights = &scratch.weights[query * kCells]},
                   scratch.tile.data(), plan.key_size, before);
    scratch.factors[query] =
        before.largest == after.largest ? 1 : std::exp(before.largest - after.largest);
    partial[0] = after.largest;
    partial[1] = after.sum;
  }
  avx2::load_values(rows_of(plan.values, slice, cells), scratch.tile.data());
  for (int query = 0; query < plan.queries_per_key(); query++) {
    avx2::gather({.weights = &scratch.weights[query * kCells],
                  .factor = scratch.factors[query],
                  .gathered = slice.partials + query * plan.partial_floats() + 2},
                 scratch.tile.data(), plan.value_size);
  }
}

void attend_slice(const Plan& plan, const Slice& slice, Scratch& scratch) {
  for (int query = 0; query < plan.queries_per_key(); query++) {
    float* partial = slice.partials + query * plan.partial_floats();
    std::fill_n(partial, plan.partial_floats(), 0.0f);
    partial[0] = kMinusInfinity;
  }
  for (size_t first = 0; first < slice.cells.size(); first += kCells) {
    const size_t count = std::min<size_t>(kCells, slice.cells.size() - first);
    attend_tile(plan, slice, slice.cells.subspan(first, count), scratch);
  }
}

// Joins the spans of one query and writes its result. `partial` is the first span's.
void join_spans(const Plan& plan, const float* partial, float* out) {
  float largest = kMinusInfinity;
  for (int span = 0; span < plan.spans; span++) {
    largest = std::max(largest, partial[span * plan.span_floats()]);
  }
  std::fill_n(out, plan.value_size, 0.0f);
  float sum = 0;
  for (int span = 0; span < plan.spans; span++) {
    const float* part = partial + span * plan.span_floats();
    if (part[1] == 0) continue;
    const float factor = std::exp(part[0] - largest);
    sum += factor * part[1];
    for (int i = 0; i < plan.value_size; i++) out[i] += factor * part[2 + i];
  }
  if (sum == 0) return;
  for (int i = 0; i < plan.value_size; i++) out[i] /= sum;
}

}  // namespace

bool can_attend(const ggml_tensor& operation) {
  const ggml_tensor& queries = *operation.src[0];
  const ggml_tensor& keys = *operation.src[1];
  const ggml_tensor& values = *operation.src[2];
  const ggml_tensor* mask = operation.src[3];
  const Parameters parameters = parameters_of(operation);
  return instruction_set() != InstructionSet::None && mask && !operation.src[4] &&
         parameters.bias == 0 && parameters.soft_cap == 0 && queries.type == GGML_TYPE_F32 &&
         keys.type == GGML_TYPE_F16 && values.type == GGML_TYPE_F16 &&
         mask->type == GGML_TYPE_F16 && queries.ne[1] <= kMostColumns && queries.ne[3] == 1 &&
         mask->ne[2] == 1 && queries.ne[2] % keys.ne[2] == 0 && keys.ne[2] == values.ne[2] &&
         keys.ne[0] % 8 == 0 && values.ne[0] % 8 == 0 && keys.ne[0] <= kMostSize &&
         values.ne[0] <= kMostSize;
}

size_t attention_work_bytes(const ggml_tensor& operation, int threads) {
  return plan_of(operation, threads).floats() * sizeof(float);
}

void attend(const ggml_tensor& operation, const Team& team) {
  const Plan plan = plan_of(operation, team.size());
  auto* partials = reinterpret_cast<float*>(team.work(plan.floats() * sizeof(float)));
  const std::vector<int32_t> cells = live_cells(plan);
  const size_t span_cells = (cells.size() + plan.spans - 1) / plan.spans;
  Scratch scratch(plan);
  team.gather();
  for (int i = team.take(); i < plan.key_heads * plan.spans; i = team.take()) {
    const size_t first = std::min(cells.size(), i % plan.spans * span_cells);
    const size_t count = std::min(span_cells, cells.size() - first);
    attend_slice(plan,
                 {.key_head = i / plan.spans,
                  .cells = std::span(cells).subspan(first, count),
                  .partials = partials + i * plan.span_floats()},
                 scratch);
  }
  team.gather();
  const int queries = plan.columns * plan.key_heads * plan.heads_per_key;
  for (int query = team.index(); query < queries; query += team.size()) {
    const int head = query % (plan.key_heads * plan.heads_per_key);
    const int column = query / (plan.key_heads * plan.heads_per_key);
    const int within = column * plan.heads_per_key + head % plan.heads_per_key;
    const float* first = partials + head / plan.heads_per_key * plan.spans * plan.span_floats() +
                         within * plan.partial_floats();
    auto* out =
        static_cast<std::byte*>(operation.data) + head * operation.nb[1] + column * operation.nb[2];
    join_spans(plan, first, reinterpret_cast<float*>(out));
  }
}

}  // namespace melete::engine::kernels
