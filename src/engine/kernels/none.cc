// For processors that have no kernels of ours: everything is left to llama.cpp.

#include "engine/kernels/kernels.h"

namespace melete::engine::kernels {

void install_kernels() {}

bool kernels_installed() {
  return false;
}

std::string_view kernel_instructions() {
  return "none";
}

}  // namespace melete::engine::kernels
