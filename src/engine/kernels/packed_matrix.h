// A weight matrix in packed groups of rows, as it lies in a buffer of ours.
//
// Experts (the third dimension) follow one another. The last group of a matrix is filled up with
// rows of zeros.

#pragma once

#include "engine/kernels/format.h"

namespace melete::engine::kernels {

struct PackedMatrix {
  const Kernel* kernel;
  int64_t rows;          // of one matrix
  int block_count;       // along k
  int64_t matrix_count;  // experts; else 1

  // Describes a tensor's shape. `tensor` has a type with a kernel and whole blocks along k.
  static PackedMatrix of(const ggml_tensor& tensor, const Kernel& kernel);

  int64_t group_count() const { return (rows + kGroupRows - 1) / kGroupRows; }
  size_t group_bytes() const { return kernel->format->packed_block_bytes * block_count; }
  size_t matrix_bytes() const { return group_bytes() * group_count(); }
  size_t bytes() const { return matrix_bytes() * matrix_count; }

  // Packs ggml's data into `packed`, which has room for bytes(). Runs on every core; returns when
  // all is done.
  void pack(const std::byte* source, std::byte* packed) const;

  // Writes one row of the first matrix as floats.
  void unpack_row(const std::byte* packed, int64_t row, float* weights) const;

 private:
  void pack_group(const std::byte* source, int64_t group, std::byte* packed) const;
};

}  // namespace melete::engine::kernels
