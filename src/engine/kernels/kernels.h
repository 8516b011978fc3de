// Matrix kernels for CPUs that make many answers cost little more than one.
//
// They enter ggml's CPU backend as a buffer type of their own: weights in a format that has a
// kernel are packed while the model loads, and products with them run here, in the backend's
// threads. What has no kernel stays with llama.cpp.

#pragma once

#include <string_view>

namespace melete::engine::kernels {

// Makes the kernels known to ggml, for models loaded from then on. Call it before the first model
// is loaded and before anything asks ggml for its buffer types; later calls do nothing. Without a
// better kernel for this processor it leaves llama.cpp as it is.
void install_kernels();

// True once they are: weights loaded from then on are packed into memory of their own, so that a
// mapped file would keep them twice.
bool kernels_installed();

// The instruction set that the kernels use on this machine: "AVX-512 VNNI", "AVX-VNNI", "AVX2" or
// "none".
std::string_view kernel_instructions();

}  // namespace melete::engine::kernels
