// Arm, 64 bits: the dot products of ARMv8.2, and i8mm.

#include <asm/hwcap.h>
#include <sys/auxv.h>

#include "engine/kernels/arm/kernels.h"
#include "engine/kernels/family.h"
#include "engine/kernels/scalar/activations.h"

namespace melete::engine::kernels {
namespace {

std::array<SetKernels, 2> find_sets() {
  const bool dotprod = (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
  const bool i8mm = dotprod && (getauxval(AT_HWCAP2) & HWCAP2_I8MM) != 0;
  return {{{InstructionSet::ArmI8mm, i8mm, kernels_of(arm::kI8mm), nullptr},
           {InstructionSet::ArmDotprod, dotprod, kernels_of(arm::kDotprod), &arm::kAttention}}};
}

}  // namespace

std::span<const SetKernels> family_sets() {
  static const std::array sets = find_sets();
  return sets;
}

Quantize family_quantizer(ActivationKind kind) {
  return kind == ActivationKind::Blocks32 ? scalar::quantize_32 : scalar::quantize_256;
}

}  // namespace melete::engine::kernels
