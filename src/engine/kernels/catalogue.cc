#include "engine/kernels/catalogue.h"

#include <array>

#include "engine/kernels/avx2/kernels.h"
#include "engine/kernels/q4_0.h"
#include "engine/kernels/q4_1.h"
#include "engine/kernels/q4_k.h"
#include "engine/kernels/q6_k.h"
#include "engine/kernels/q8_0.h"
#include "engine/kernels/vnni/kernels.h"

namespace melete::engine::kernels {
namespace {

constexpr std::array kFormats = {&kQ4K, &kQ6K, &kQ4_0, &kQ4_1, &kQ8_0};

const std::array kAvx2 = {
    Kernel{&kQ4K, avx2::multiply_q4_k},  Kernel{&kQ6K, avx2::multiply_q6_k},
    Kernel{&kQ4_0, avx2::multiply_q4_0}, Kernel{&kQ4_1, avx2::multiply_q4_1},
    Kernel{&kQ8_0, avx2::multiply_q8_0},
};

std::array<Kernel, 5> with_vnni(const vnni::Table& table) {
  return {Kernel{&kQ4K, table.q4_k}, Kernel{&kQ6K, table.q6_k}, Kernel{&kQ4_0, table.q4_0},
          Kernel{&kQ4_1, table.q4_1}, Kernel{&kQ8_0, table.q8_0}};
}

std::span<const Kernel> kernels_of(InstructionSet set) {
  static const std::array avx_vnni = with_vnni(vnni::kAvxVnni);
  static const std::array avx512 = with_vnni(vnni::kAvx512);
  switch (set) {
    case InstructionSet::Avx512Vnni:
      return avx512;
    case InstructionSet::AvxVnni:
      return avx_vnni;
    case InstructionSet::Avx2:
      return kAvx2;
    case InstructionSet::None:
      return {};
  }
  return {};
}

bool runs(InstructionSet set) {
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("f16c");
  switch (set) {
    case InstructionSet::Avx512Vnni:
      return avx2 && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vnni");
    case InstructionSet::AvxVnni:
      return avx2 && __builtin_cpu_supports("avxvnni");
    case InstructionSet::Avx2:
      return avx2;
    case InstructionSet::None:
      return true;
  }
  return false;
}

// From the best down.
constexpr std::array kSets = {InstructionSet::Avx512Vnni, InstructionSet::AvxVnni,
                              InstructionSet::Avx2, InstructionSet::None};

}  // namespace

InstructionSet instruction_set() {
  for (const InstructionSet set : kSets) {
    if (runs(set)) return set;
  }
  return InstructionSet::None;
}

std::string_view name_of(InstructionSet set) {
  switch (set) {
    case InstructionSet::Avx512Vnni:
      return "AVX-512 VNNI";
    case InstructionSet::AvxVnni:
      return "AVX-VNNI";
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
  std::vector<Kernel> kernels;
  for (const InstructionSet set : kSets) {
    if (!runs(set)) continue;
    const std::span<const Kernel> more = kernels_of(set);
    kernels.insert(kernels.end(), more.begin(), more.end());
  }
  return kernels;
}

Quantize quantizer_for(ActivationKind kind) {
  return kind == ActivationKind::Blocks32 ? avx2::quantize_32 : avx2::quantize_256;
}

const AttentionMath& attention_math() {
  static const AttentionMath& math = *runnable_attention_math().front();
  return math;
}

std::vector<const AttentionMath*> runnable_attention_math() {
  if (runs(InstructionSet::Avx512Vnni)) return {&vnni::kAttention512, &avx2::kAttention};
  return {&avx2::kAttention};
}

}  // namespace melete::engine::kernels
