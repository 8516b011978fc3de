// Random numbers and quantised weights for the kernels' tests; equal seeds give equal values.

#pragma once

#include <cstddef>
#include <vector>

#include "engine/kernels/format.h"

namespace melete::engine::kernels::testing {

std::vector<float> random_values(size_t count, unsigned seed);

// rows times k random weights in ggml's own layout of `type`.
std::vector<std::byte> random_weights(ggml_type type, int64_t rows, int64_t k, unsigned seed = 1);

// Those weights as floats, by ggml's own conversion.
std::vector<float> as_floats(ggml_type type, const std::vector<std::byte>& weights, int64_t count);

// One group of rows, packed block after block; rows beyond `present` are zeros.
std::vector<std::byte> packed_group(const Kernel& kernel, const std::vector<std::byte>& weights,
                                    int block_count, int present);

// Columns of values as one panel of quantised activations.
std::vector<std::byte> quantized_panel(ActivationKind kind, const std::vector<float>& values,
                                       int column_count, Quantize quantize);

}  // namespace melete::engine::kernels::testing
