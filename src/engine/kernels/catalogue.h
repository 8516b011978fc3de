// Which kernel a weight type gets on this machine.

#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "engine/kernels/attention_tile.h"
#include "engine/kernels/format.h"

namespace melete::engine::kernels {

enum class InstructionSet { None, Avx2, AvxVnni, Avx512Vnni, ArmDotprod, ArmI8mm };

// The best that this processor and this build have. None: every product is left to llama.cpp.
InstructionSet instruction_set();

// Its name as people know it: "AVX-512 VNNI", "none".
std::string_view name_of(InstructionSet set);

// The kernel for weights of `type`, or null where llama.cpp's own is as good or the type is
// unknown.
const Kernel* kernel_for(ggml_type type);

// Every packed format there is, also those that this machine has no kernel for.
std::span<const Format* const> all_formats();

// Every kernel that this processor can run, of all its instruction sets.
std::vector<Kernel> runnable_kernels();

// The quantiser of activations for such kernels.
Quantize quantizer_for(ActivationKind kind);

// The arithmetic of attention on this machine, which has an instruction set other than None.
const AttentionMath& attention_math();

// Every such arithmetic that this processor can run.
std::vector<const AttentionMath*> runnable_attention_math();

}  // namespace melete::engine::kernels
