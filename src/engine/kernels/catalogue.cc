#include "engine/kernels/catalogue.h"

#include <array>
#include <span>

#include "engine/kernels/avx2/kernels.h"
#include "engine/kernels/q4_0.h"
#include "engine/kernels/q4_1.h"
#include "engine/kernels/q4_k.h"
#include "engine/kernels/q6_k.h"
#include "engine/kernels/q8_0.h"

namespace melete::engine::kernels {
namespace {

constexpr std::array kFormats = {&kQ4K, &kQ6K, &kQ4_0, &kQ4_1, &kQ8_0};

constexpr std::array kAvx2 = {
    Kernel{&kQ4K, avx2::multiply_q4_k},  Kernel{&kQ6K, avx2::multiply_q6_k},
    Kernel{&kQ4_0, avx2::multiply_q4_0}, Kernel{&kQ4_1, avx2::multiply_q4_1},
    Kernel{&kQ8_0, avx2::multiply_q8_0},
};

std::span<const Kernel> kernels_of(InstructionSet set) {
  switch (set) {
    case InstructionSet::Avx2:
      return kAvx2;
    case InstructionSet::None:
      return {};
  }
  return {};
}

}  // namespace

InstructionSet instruction_set() {
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
      __builtin_cpu_supports("f16c")) {
    return InstructionSet::Avx2;
  }
  return InstructionSet::None;
}

std::string_view name_of(InstructionSet set) {
  switch (set) {
    case InstructionSet::Avx2:
      return "AVX2";
    case InstructionSet::None:
      return "none";
  }
  return "none";
}

const Kernel* kernel_for(ggml_type type) {
  static const std::span<const Kernel> kernels = kernels_of(instruction_set());
  for (const Kernel& kernel : kernels) {
    if (kernel.format->type == type) return &kernel;
  }
  return nullptr;
}

std::span<const Format* const> all_formats() {
  return kFormats;
}

std::vector<Kernel> runnable_kernels() {
  const std::span<const Kernel> kernels = kernels_of(instruction_set());
  return {kernels.begin(), kernels.end()};
}

Quantize quantizer_for(ActivationKind kind) {
  return kind == ActivationKind::Blocks32 ? avx2::quantize_32 : avx2::quantize_256;
}

}  // namespace melete::engine::kernels
