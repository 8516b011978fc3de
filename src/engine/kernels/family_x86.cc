// x86-64: AVX2, and the VNNI instructions on 256 and 512 bits.

#include "engine/kernels/avx2/kernels.h"
#include "engine/kernels/family.h"
#include "engine/kernels/vnni/kernels.h"

namespace melete::engine::kernels {
namespace {

constexpr ProductTable kAvx2 = {.q4_k = avx2::multiply_q4_k,
                                .q6_k = avx2::multiply_q6_k,
                                .q4_0 = avx2::multiply_q4_0,
                                .q4_1 = avx2::multiply_q4_1,
                                .q8_0 = avx2::multiply_q8_0};

std::array<SetKernels, 3> find_sets() {
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("f16c");
  const bool avx_vnni = avx2 && __builtin_cpu_supports("avxvnni");
  const bool avx512 =
      avx2 && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vnni");
  return {{{InstructionSet::Avx512Vnni, avx512, kernels_of(vnni::kAvx512), &vnni::kAttention512},
           {InstructionSet::AvxVnni, avx_vnni, kernels_of(vnni::kAvxVnni), nullptr},
           {InstructionSet::Avx2, avx2, kernels_of(kAvx2), &avx2::kAttention}}};
}

}  // namespace

std::span<const SetKernels> family_sets() {
  static const std::array sets = find_sets();
  return sets;
}

Quantize family_quantizer(ActivationKind kind) {
  return kind == ActivationKind::Blocks32 ? avx2::quantize_32 : avx2::quantize_256;
}

}  // namespace melete::engine::kernels
