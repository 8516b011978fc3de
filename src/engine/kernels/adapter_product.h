// Products with the thin matrices of a LoRA adapter, on the CPU backend's threads.
//
// ggml sums one column in another order than several. The last bit that this changes decides a
// rounding where the next product quantises its activations, and so now and then a word. Here every
// number is one dot product of ggml's, whatever is computed beside it.

#pragma once

#include <cstddef>

#include "ggml.h"

namespace melete::engine::kernels {

class Team;

// Whether the operation is a MUL_MAT of two dimensions whose matrix has the name of an adapter's
// ("blk.0.attn_q.weight.lora_a").
bool is_adapter_product(const ggml_tensor& operation);

// Bytes of work buffer that multiply_adapter() needs.
size_t adapter_work_bytes(const ggml_tensor& operation);

// Called by every thread of the team.
void multiply_adapter(const ggml_tensor& operation, const Team& team);

}  // namespace melete::engine::kernels
