// Products of packed matrices with activations, on the CPU backend's threads.
//
// All threads first quantise the activations together, once, into the shared work buffer, and meet.
// Then each takes slices of row groups until none is left. In the work buffer a panel of columns
// lies together, block after block of k, each block with all of the panel's columns.

#pragma once

#include "engine/kernels/packed_matrix.h"

namespace melete::engine::kernels {

class Team;

// Bytes of work buffer that `multiply` needs for a MUL_MAT or MUL_MAT_ID.
size_t multiply_work_bytes(const ggml_tensor& operation, const PackedMatrix& matrix);

// The operation's first operand is the matrix. Called by every thread of the team.
void multiply(const ggml_tensor& operation, const PackedMatrix& matrix, const Team& team);

// GET_ROWS from a packed matrix. Called by every thread of the team.
void get_rows(const ggml_tensor& operation, const PackedMatrix& matrix, const Team& team);

}  // namespace melete::engine::kernels
