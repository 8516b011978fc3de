#include "engine/kernels/attention.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <vector>

#include "engine/kernels/attention_cells.h"
#include "engine/kernels/attention_tile.h"
#include "engine/kernels/catalogue.h"
#include "engine/kernels/team.h"

namespace melete::engine::kernels {
namespace {

constexpr int kBlockColumns = 64;    // columns that are computed together
constexpr int kMostSize = 256;       // of a head
constexpr int kSlicesPerThread = 8;  // at least, where columns are long: a slow core takes fewer
constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();

struct Parameters {
  float scale;
  float bias;
  float soft_cap;
};

Parameters parameters_of(const ggml_tensor& operation) {
  Parameters parameters = {};
  std::memcpy(&parameters, operation.op_params, sizeof(parameters));
  return parameters;
}

// The operation's shape.
struct Shape {
  const ggml_tensor& queries;
  const ggml_tensor& keys;
  const ggml_tensor& values;
  const ggml_tensor& mask;
  int columns;
  int block_columns;  // of the widest block
  int key_heads;
  int heads_per_key;
  int key_size;
  int value_size;
  int64_t cells;  // of the pool
  int spans;      // of a column, at most
  float scale;

  int block_queries() const { return block_columns * heads_per_key; }  // of one key head
  int partials() const { return key_heads * spans * block_queries(); }
  size_t cell_bytes() const {
    const size_t bytes = AttentionCells::bytes(block_columns, cells);
    return (bytes + alignof(Partial) - 1) / alignof(Partial) * alignof(Partial);
  }
};

Shape shape_of(const ggml_tensor& operation, int threads) {
  const ggml_tensor& queries = *operation.src[0];
  const ggml_tensor& keys = *operation.src[1];
  const auto key_heads = static_cast<int>(keys.ne[2]);
  const auto columns = static_cast<int>(queries.ne[1]);
  return {.queries = queries,
          .keys = keys,
          .values = *operation.src[2],
          .mask = *operation.src[3],
          .columns = columns,
          .block_columns = std::min(columns, kBlockColumns),
          .key_heads = key_heads,
          .heads_per_key = static_cast<int>(queries.ne[2]) / key_heads,
          .key_size = static_cast<int>(keys.ne[0]),
          .value_size = static_cast<int>(operation.src[2]->ne[0]),
          .cells = keys.ne[1],
          .spans = (kSlicesPerThread * threads + key_heads - 1) / key_heads,
          .scale = parameters_of(operation).scale};
}

const std::byte* at(const ggml_tensor& tensor, int64_t i1, int64_t i2) {
  return static_cast<const std::byte*>(tensor.data) + i1 * tensor.nb[1] + i2 * tensor.nb[2];
}

const uint16_t* mask_of(const Shape& shape, int column) {
  return reinterpret_cast<const uint16_t*>(at(shape.mask, column, 0));
}

// Some columns, with the memory that all threads share for them.
struct Block {
  Block(const Shape& shape, int first, std::byte* work)
      : first(first),
        columns(std::min(kBlockColumns, shape.columns - first)),
        cells(work, shape.block_columns, shape.cells, shape.spans),
        partials(reinterpret_cast<Partial*>(work + shape.cell_bytes())),
        gathered(reinterpret_cast<double*>(partials + shape.partials())) {}

  int first;
  int columns;
  AttentionCells cells;
  Partial* partials;  // [key head][span][column][head]
  double* gathered;   // a partial's values, in the same order

  int span_count() const {
    int count = 0;
    for (int column = 0; column < columns; column++) {
      count = std::max(count, cells.span_count(column));
    }
    return count;
  }
};

// One span of one key head, for all columns of a block.
struct Slice {
  int key_head;
  int span;

  // Of the first column's first head.
  size_t first_partial(const Shape& shape) const {
    return static_cast<size_t>(key_head * shape.spans + span) * shape.block_queries();
  }
};

// One thread's room for a tile.
struct Scratch {
  explicit Scratch(const Shape& shape)
      : keys(kTileCells * shape.key_size), values(kTileCells * shape.value_size) {}

  std::vector<float> keys;
  std::vector<float> values;
  std::vector<float> biases;  // [column][cell], of the columns that have any
  std::vector<TileQuery> queries;
};

// Columns in a row that look at the same tile; each has its first cells, some have all.
struct Sharers {
  int first;
  int end;
  std::span<const int32_t> cells;
};

Sharers sharers_from(const Block& block, int column, Slice slice, int tile) {
  Sharers sharers = {column, column + 1, block.cells.tile(column, slice.span, tile)};
  for (; sharers.end < block.columns && !sharers.cells.empty(); sharers.end++) {
    const auto cells = block.cells.tile(sharers.end, slice.span, tile);
    const size_t common = std::min(cells.size(), sharers.cells.size());
    if (common == 0 || std::memcmp(cells.data(), sharers.cells.data(), common * sizeof(int32_t)))
      break;
    if (cells.size() > sharers.cells.size()) sharers.cells = cells;
  }
  return sharers;
}

CellRows rows_of(const ggml_tensor& tensor, int key_head, std::span<const int32_t> cells) {
  return {.format = tensor.type == GGML_TYPE_Q8_0 ? CellFormat::Q8_0 : CellFormat::F16,
          .base = at(tensor, 0, key_head),
          .stride = tensor.nb[1],
          .cells = cells,
          .size = static_cast<int>(tensor.ne[0])};
}

// Asks for rows before they are needed: they may lie anywhere, and nothing else foretells where.
void prefetch(const CellRows& rows, size_t row_bytes) {
  constexpr size_t kLineBytes = 64;
  for (const int32_t cell : rows.cells) {
    const std::byte* row = rows.base + cell * rows.stride;
    for (size_t i = 0; i < row_bytes; i += kLineBytes) __builtin_prefetch(row + i);
  }
}

// A column's biases of a tile's cells: zeros for nearly every model.
const float* biases_of(const Shape& shape, const Block& block, int column,
                       std::span<const int32_t> cells, float* room) {
  static constexpr float kZeros[kTileCells] = {};
  if (!block.cells.biased(column)) return kZeros;
  const uint16_t* mask = mask_of(shape, block.first + column);
  std::fill_n(room, kTileCells, 0.0f);
  for (size_t i = 0; i < cells.size(); i++) room[i] = ggml_fp16_to_fp32(mask[cells[i]]);
  return room;
}

void attend_tile(const Shape& shape, const Block& block, Slice slice, int tile,
                 const Sharers& sharers, Scratch& scratch) {
  const AttentionMath& math = attention_math();
  const CellRows keys = rows_of(shape.keys, slice.key_head, sharers.cells);
  const CellRows values = rows_of(shape.values, slice.key_head, sharers.cells);
  prefetch(keys, ggml_row_size(shape.keys.type, shape.key_size));
  prefetch(values, ggml_row_size(shape.values.type, shape.value_size));
  math.load_keys(keys, scratch.keys.data());
  math.load_values(values, scratch.values.data());
  scratch.queries.clear();
  scratch.biases.resize(static_cast<size_t>(sharers.end - sharers.first) * kTileCells);
  for (int column = sharers.first; column < sharers.end; column++) {
    const auto cells = block.cells.tile(column, slice.span, tile);
    const float* biases =
        biases_of(shape, block, column, cells,
                  &scratch.biases[static_cast<size_t>(column - sharers.first) * kTileCells]);
    Partial* partials = block.partials + slice.first_partial(shape) + column * shape.heads_per_key;
    for (int i = 0; i < shape.heads_per_key; i++) {
      const int head = slice.key_head * shape.heads_per_key + i;
      scratch.queries.push_back(
          {.query = reinterpret_cast<const float*>(at(shape.queries, block.first + column, head)),
           .biases = biases,
           .count = static_cast<int>(cells.size()),
           .partial = partials + i});
    }
  }
  math.attend({.keys = scratch.keys.data(),
               .values = scratch.values.data(),
               .key_size = shape.key_size,
               .value_size = shape.value_size,
               .scale = shape.scale},
              scratch.queries);
}

void attend_slice(const Shape& shape, const Block& block, Slice slice, Scratch& scratch) {
  const size_t first = slice.first_partial(shape);
  for (size_t i = first; i < first + block.columns * shape.heads_per_key; i++) {
    double* gathered = block.gathered + i * shape.value_size;
    std::fill_n(gathered, shape.value_size, 0.0);
    block.partials[i] = {.exponent = kMinusInfinity, .sum = 0, .gathered = gathered};
  }
  int tiles = 0;
  for (int column = 0; column < block.columns; column++) {
    tiles = std::max(tiles, block.cells.tiles_of_span(column));
  }
  for (int tile = 0; tile < tiles; tile++) {
    for (int column = 0; column < block.columns;) {
      const Sharers sharers = sharers_from(block, column, slice, tile);
      if (!sharers.cells.empty()) attend_tile(shape, block, slice, tile, sharers, scratch);
      column = sharers.end;
    }
  }
}

// Joins a query's spans into the first one and writes its result; zeros for a column without cells.
// `partials` is the query's in the first span; the next span's lies `stride` on.
void join_spans(const Shape& shape, Partial* partials, int spans, float* out) {
  std::fill_n(out, shape.value_size, 0.0f);
  if (spans == 0) return;
  const int stride = shape.block_queries();
  float exponent = kMinusInfinity;
  for (int span = 0; span < spans; span++) {
    exponent = std::max(exponent, partials[span * stride].exponent);
  }
  double sum = 0;
  double* sums = partials->gathered;
  for (int span = 0; span < spans; span++) {
    const Partial& partial = partials[span * stride];
    const double factor = power_of_two_between(partial.exponent, exponent);
    sum += factor * partial.sum;
    for (int i = 0; i < shape.value_size; i++) {
      const double before = span == 0 ? 0 : sums[i];
      sums[i] = before + factor * partial.gathered[i];
    }
  }
  for (int i = 0; i < shape.value_size; i++) out[i] = static_cast<float>(sums[i] / sum);
}

void join_block(const Shape& shape, const Block& block, const ggml_tensor& operation,
                const Team& team) {
  const int heads = shape.key_heads * shape.heads_per_key;
  for (int query = team.index(); query < block.columns * heads; query += team.size()) {
    const int head = query % heads;
    const int column = query / heads;
    const Slice slice = {.key_head = head / shape.heads_per_key, .span = 0};
    Partial* partials = block.partials + slice.first_partial(shape) + column * shape.heads_per_key +
                        head % shape.heads_per_key;
    auto* out = static_cast<std::byte*>(operation.data) + head * operation.nb[1] +
                (block.first + column) * operation.nb[2];
    join_spans(shape, partials, block.cells.span_count(column), reinterpret_cast<float*>(out));
  }
}

bool can_read(const ggml_tensor& cells) {
  if (cells.ne[0] > kMostSize) return false;
  if (cells.type == GGML_TYPE_F16) return cells.ne[0] % 16 == 0;
  return cells.type == GGML_TYPE_Q8_0 && cells.ne[0] % 32 == 0;
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
         can_read(keys) && can_read(values) && mask->type == GGML_TYPE_F16 && queries.ne[3] == 1 &&
         mask->ne[2] == 1 && queries.ne[2] % keys.ne[2] == 0 && keys.ne[2] == values.ne[2];
}

size_t attention_work_bytes(const ggml_tensor& operation, int threads) {
  const Shape shape = shape_of(operation, threads);
  return shape.cell_bytes() +
         shape.partials() * (sizeof(Partial) + shape.value_size * sizeof(double));
}

void attend(const ggml_tensor& operation, const Team& team) {
  const Shape shape = shape_of(operation, team.size());
  std::byte* work = team.work(attention_work_bytes(operation, team.size()));
  Scratch scratch(shape);
  for (int first = 0; first < shape.columns; first += kBlockColumns) {
    if (first > 0) team.gather();
    Block block(shape, first, work);
    for (int column = team.index(); column < block.columns; column += team.size()) {
      block.cells.list(column, mask_of(shape, first + column));
    }
    team.gather_and_deal();
    const int spans = block.span_count();
    for (int i = team.take(); i < shape.key_heads * spans; i = team.take()) {
      attend_slice(shape, block, {.key_head = i / spans, .span = i % spans}, scratch);
    }
    team.gather();
    join_block(shape, block, operation, team);
  }
}

}  // namespace melete::engine::kernels
