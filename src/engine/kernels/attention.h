// Attention of few columns over one pool of cells (FLASH_ATTN_EXT), each cell read once for all of
// them.
//
// A pool holds the cells of many sequences; the mask says which are a column's own. Cells that are
// nobody's cost one look at the mask. The others are taken 32 at a time: their keys and values are
// turned into floats once and meet the queries of all columns and of all heads that share them, so
// that agents with a common prompt read it together. The pool is cut into spans; each span of each
// key head is one slice of work, and the spans' results are joined at the end.

#pragma once

#include <cstddef>

#include "ggml.h"

namespace melete::engine::kernels {

class Team;

// Whether attend() computes this operation: f16 keys and values, at most 64 columns, a mask, and
// none of the rarer terms (position bias, soft cap, sinks). The rest stays with ggml.
bool can_attend(const ggml_tensor& operation);

// Bytes of work buffer that attend() needs with `threads` threads.
size_t attention_work_bytes(const ggml_tensor& operation, int threads);

// Computes the operation. Called by every thread of the team.
void attend(const ggml_tensor& operation, const Team& team);

}  // namespace melete::engine::kernels
