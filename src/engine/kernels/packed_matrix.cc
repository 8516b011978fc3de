#include "engine/kernels/packed_matrix.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>
#include <vector>

namespace melete::engine::kernels {

PackedMatrix PackedMatrix::of(const ggml_tensor& tensor, const Kernel& kernel) {
  return {.kernel = &kernel,
          .rows = tensor.ne[1],
          .block_count = static_cast<int>(tensor.ne[0] / kernel.format->block),
          .matrix_count = tensor.ne[2] * tensor.ne[3]};
}

// `group` counts through all matrices.
void PackedMatrix::pack_group(const std::byte* source, int64_t group, std::byte* packed) const {
  const int64_t matrix = group / group_count();
  const int64_t first_row = group % group_count() * kGroupRows;
  const size_t source_block = kernel->format->source_block_bytes;
  const size_t source_row = source_block * block_count;
  std::array<const std::byte*, kGroupRows> rows = {};
  for (int row = 0; row < kGroupRows && first_row + row < this->rows; row++) {
    rows[row] = source + (matrix * this->rows + first_row + row) * source_row;
  }
  std::byte* out = packed + group * group_bytes();
  for (int block = 0; block < block_count; block++, out += kernel->format->packed_block_bytes) {
    kernel->format->pack(rows, out);
    for (const std::byte*& row : rows) {
      if (row) row += source_block;
    }
  }
}

void PackedMatrix::pack(const std::byte* source, std::byte* packed) const {
  const int64_t groups = group_count() * matrix_count;
  std::atomic<int64_t> next = 0;
  const auto work = [&] {
    for (int64_t group = next++; group < groups; group = next++) {
      pack_group(source, group, packed);
    }
  };
  const int64_t cores = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::jthread> helpers;
  for (int64_t helper = 1; helper < std::min(cores, groups); helper++) helpers.emplace_back(work);
  work();
}

void PackedMatrix::unpack_row(const std::byte* packed, int64_t row, float* weights) const {
  const std::byte* block = packed + row / kGroupRows * group_bytes();
  for (int b = 0; b < block_count;
       b++, block += kernel->format->packed_block_bytes, weights += kernel->format->block) {
    kernel->format->unpack(block, static_cast<int>(row % kGroupRows), weights);
  }
}

}  // namespace melete::engine::kernels
