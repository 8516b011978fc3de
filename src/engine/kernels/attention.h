// Attention of many columns over one pool of cells (FLASH_ATTN_EXT).
//
// A pool holds the cells of many sequences; the mask says which are a column's own. Each column's
// cells are listed once (attention_cells.h); cells that are nobody's cost one look at the mask.
// Where neighbouring columns have the same cells, as agents with a common prompt or the tokens of a
// prompt do, keys and values are turned into floats once and meet the queries of all of them and of
// all heads that share them. A span of each key head is one slice of work; the spans' results are
// joined at the end, in order.

#pragma once

#include <cstddef>

#include "ggml.h"

namespace melete::engine::kernels {

class Team;

// Whether attend() computes this operation: keys and values in f16 or q8_0, in heads of up to 256
// numbers, a mask, and none of the rarer terms (position bias, soft cap, sinks). The rest stays
// with ggml.
bool can_attend(const ggml_tensor& operation);

// Bytes of work buffer that attend() needs on a team of so many threads.
size_t attention_work_bytes(const ggml_tensor& operation, int threads);

// Computes the operation. Called by every thread of the team. A column's result depends on its own
// query and cells alone, not on their places in the pool and not on the number of threads.
void attend(const ggml_tensor& operation, const Team& team);

}  // namespace melete::engine::kernels
