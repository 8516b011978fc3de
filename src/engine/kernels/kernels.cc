#include "engine/kernels/kernels.h"

#include <algorithm>

#include "engine/kernels/buffer_type.h"
#include "engine/kernels/catalogue.h"
#include "traits.h"

namespace melete::engine::kernels {

void install_kernels() {
  if (instruction_set() == InstructionSet::None) return;
  if (kernels_installed()) return;
  std::vector<ggml_backend_buffer_type_t>& types = ggml_backend_cpu_get_extra_buffer_types();
  types.insert(types.begin(), packed_buffer_type());
}

bool kernels_installed() {
  if (instruction_set() == InstructionSet::None) return false;
  const auto& types = ggml_backend_cpu_get_extra_buffer_types();
  return std::ranges::find(types, packed_buffer_type()) != types.end();
}

std::string_view kernel_instructions() {
  return name_of(instruction_set());
}

}  // namespace melete::engine::kernels
