#include "engine/kernels/product.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "engine/kernels/catalogue.h"
#include "engine/kernels/column_plan.h"
#include "engine/kernels/team.h"

namespace melete::engine::kernels {
namespace {

// Of weights: a slice stays in cache while the panels pass. One column pays for small ones: with
// 64 KiB two threads read a tenth less from memory.
constexpr size_t kSliceBytes = 256 * 1024;
constexpr int kSlicesPerThread = 8;

// What all steps of one product share. Each thread has its own, equal to the others'.
struct Product {
  const PackedMatrix& matrix;
  const ColumnPlan plan;
  const int64_t slice_groups;
  const std::byte* weights;
  std::byte* activations;  // quantised

  ActivationKind kind() const { return matrix.kernel->format->activations; }
  size_t block_bytes() const { return activation_bytes(kind()); }
  int blocks() const {  // of activations along k
    return matrix.block_count * matrix.kernel->format->block / activation_block(kind());
  }
  std::byte* panel(const Panel& panel) const {
    return activations + panel.first * blocks() * block_bytes();
  }
};

int64_t slice_groups(const PackedMatrix& matrix, const Team& team) {
  const auto cached = static_cast<int64_t>(kSliceBytes / matrix.group_bytes());
  const int64_t fair = matrix.group_count() / (kSlicesPerThread * team.size());
  return std::max<int64_t>(1, std::min(cached, fair));
}

// Quantises this thread's share of the blocks of a panel.
void quantize_panel(const Product& product, const Panel& panel, const Team& team) {
  const Quantize quantize = quantizer_for(product.kind());
  const int values = activation_block(product.kind());
  const int blocks = product.blocks();
  const int count = panel.width * blocks;
  const int end = count * (team.index() + 1) / team.size();
  for (int i = count * team.index() / team.size(); i < end; i++) {
    const int column = i / blocks;
    const int block = i % blocks;
    quantize(product.plan.columns[panel.first + column].values + block * values,
             product.panel(panel) + (block * panel.width + column) * product.block_bytes());
  }
}

const std::byte* group_at(const Product& product, int64_t matrix, int64_t group) {
  return product.weights + matrix * product.matrix.matrix_bytes() +
         group * product.matrix.group_bytes();
}

// Multiplies one group of rows with one panel and keeps the rows that exist; `next` is the group
// that this thread multiplies after it.
void multiply_group(const Product& product, const Panel& panel, int64_t group, int64_t next) {
  const PackedMatrix& matrix = product.matrix;
  const int64_t first_row = group * kGroupRows;
  const int64_t rows = std::min<int64_t>(kGroupRows, matrix.rows - first_row);
  alignas(64) float results[kPanelColumns * kGroupRows];
  matrix.kernel->multiply({.weights = group_at(product, panel.matrix, group),
                           .next = group_at(product, panel.matrix, next),
                           .activations = product.panel(panel),
                           .block_count = matrix.block_count,
                           .column_count = panel.width,
                           .out = results});
  for (int column = 0; column < panel.width; column++) {
    std::memcpy(product.plan.columns[panel.first + column].out + first_row,
                results + column * kGroupRows, rows * sizeof(float));
  }
}

// The panels that share one matrix, for the groups of one slice.
void multiply_slice(const Product& product, std::span<const Panel> panels, int64_t first_group,
                    int64_t next_slice) {
  const int64_t end = std::min(first_group + product.slice_groups, product.matrix.group_count());
  for (const Panel& panel : panels) {
    const int64_t last_next = &panel == &panels.back() ? next_slice : first_group;
    for (int64_t group = first_group; group < end; group++) {
      multiply_group(product, panel, group, group + 1 < end ? group + 1 : last_next);
    }
  }
}

// The panels of the matrix that the first of `panels` has.
std::span<const Panel> same_matrix(std::span<const Panel> panels) {
  size_t count = 0;
  while (count < panels.size() && panels[count].matrix == panels[0].matrix) count++;
  return panels.first(count);
}

}  // namespace

size_t multiply_work_bytes(const ggml_tensor& operation, const PackedMatrix& matrix) {
  const Format& format = *matrix.kernel->format;
  const size_t blocks = matrix.block_count * format.block / activation_block(format.activations);
  return planned_column_count(operation) * blocks * activation_bytes(format.activations);
}

void multiply(const ggml_tensor& operation, const PackedMatrix& matrix, const Team& team) {
  const Product product = {
      .matrix = matrix,
      .plan = plan_columns(operation),
      .slice_groups = slice_groups(matrix, team),
      .weights = static_cast<const std::byte*>(operation.src[0]->data),
      .activations = team.work(multiply_work_bytes(operation, matrix)),
  };
  for (const Panel& panel : product.plan.panels) quantize_panel(product, panel, team);
  team.gather_and_deal();
  const int64_t slices = (matrix.group_count() + product.slice_groups - 1) / product.slice_groups;
  int64_t passed = 0;  // slices of the matrices before
  int64_t mine = team.take();
  std::span<const Panel> rest = product.plan.panels;
  while (!rest.empty()) {
    const std::span<const Panel> panels = same_matrix(rest);
    while (mine < passed + slices) {
      const int64_t next = team.take();
      const int64_t group = (mine - passed) * product.slice_groups;
      const int64_t next_group = (next - passed) * product.slice_groups;
      multiply_slice(product, panels, group, next < passed + slices ? next_group : group);
      mine = next;
    }
    passed += slices;
    rest = rest.subspan(panels.size());
  }
}

void get_rows(const ggml_tensor& operation, const PackedMatrix& matrix, const Team& team) {
  const ggml_tensor& ids = *operation.src[1];
  const auto* packed = static_cast<const std::byte*>(operation.src[0]->data);
  const int64_t count = ids.ne[0];
  const int64_t end = count * (team.index() + 1) / team.size();
  for (int64_t i = count * team.index() / team.size(); i < end; i++) {
    const int32_t row =
        *reinterpret_cast<const int32_t*>(static_cast<const std::byte*>(ids.data) + i * ids.nb[0]);
    MELETE_CHECK(row >= 0 && row < matrix.rows, "the row exists");
    auto* out = static_cast<std::byte*>(operation.data) + i * operation.nb[1];
    matrix.unpack_row(packed, row, reinterpret_cast<float*>(out));
  }
}

}  // namespace melete::engine::kernels
