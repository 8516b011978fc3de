// What one family of processors offers the catalogue. A family is a file, family_x86.cc or
// family_arm.cc; the build takes its machine's.

#pragma once

#include <array>
#include <span>

#include "engine/kernels/catalogue.h"
#include "engine/kernels/q4_0.h"
#include "engine/kernels/q4_1.h"
#include "engine/kernels/q4_k.h"
#include "engine/kernels/q6_k.h"
#include "engine/kernels/q8_0.h"

namespace melete::engine::kernels {

struct SetKernels {
  InstructionSet set;
  bool runs;  // on this processor
  std::array<Kernel, 5> kernels;
  const AttentionMath* attention;  // null: that of a lesser set
};

inline std::array<Kernel, 5> kernels_of(const ProductTable& table) {
  return {Kernel{&kQ4K, table.q4_k}, Kernel{&kQ6K, table.q6_k}, Kernel{&kQ4_0, table.q4_0},
          Kernel{&kQ4_1, table.q4_1}, Kernel{&kQ8_0, table.q8_0}};
}

// The family's instruction sets, from the best down; lives for ever.
std::span<const SetKernels> family_sets();

Quantize family_quantizer(ActivationKind kind);

}  // namespace melete::engine::kernels
