#include "engine/usable_machine.h"

#include <llama.h>

namespace melete::engine {

models::Machine usable_machine(models::Machine machine) {
  if (!llama_supports_gpu_offload()) machine.gpus.clear();
  return machine;
}

}  // namespace melete::engine
