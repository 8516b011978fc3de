#include "engine/kernels/catalogue.h"

#include <array>

#include "engine/kernels/family.h"

namespace melete::engine::kernels {
namespace {

constexpr std::array kFormats = {&kQ4K, &kQ6K, &kQ4_0, &kQ4_1, &kQ8_0};

// The best set that this processor runs, or null.
const SetKernels* best_set() {
  for (const SetKernels& set : family_sets()) {
    if (set.runs) return &set;
  }
  return nullptr;
}

}  // namespace

InstructionSet instruction_set() {
  const SetKernels* best = best_set();
  return best ? best->set : InstructionSet::None;
}

std::string_view name_of(InstructionSet set) {
  switch (set) {
    case InstructionSet::Avx512Vnni:
      return "AVX-512 VNNI";
    case InstructionSet::AvxVnni:
      return "AVX-VNNI";
    case InstructionSet::Avx2:
      return "AVX2";
    case InstructionSet::ArmI8mm:
      return "Arm i8mm";
    case InstructionSet::ArmDotprod:
      return "Arm dot product";
    case InstructionSet::None:
      return "none";
  }
  return "none";
}

const Kernel* kernel_for(ggml_type type) {
  static const SetKernels* const best = best_set();
  if (best == nullptr) return nullptr;
  for (const Kernel& kernel : best->kernels) {
    if (kernel.format->type == type) return &kernel;
  }
  return nullptr;
}

std::span<const Format* const> all_formats() {
  return kFormats;
}

std::vector<Kernel> runnable_kernels() {
  std::vector<Kernel> kernels;
  for (const SetKernels& set : family_sets()) {
    if (set.runs) kernels.insert(kernels.end(), set.kernels.begin(), set.kernels.end());
  }
  return kernels;
}

Quantize quantizer_for(ActivationKind kind) {
  return family_quantizer(kind);
}

const AttentionMath& attention_math() {
  static const AttentionMath& math = *runnable_attention_math().front();
  return math;
}

std::vector<const AttentionMath*> runnable_attention_math() {
  std::vector<const AttentionMath*> all;
  for (const SetKernels& set : family_sets()) {
    if (set.runs && set.attention) all.push_back(set.attention);
  }
  return all;
}

}  // namespace melete::engine::kernels
