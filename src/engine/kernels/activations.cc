#include "engine/kernels/activations.h"

namespace melete::engine::kernels {

int activation_block(ActivationKind kind) {
  return kind == ActivationKind::Blocks32 ? 32 : 256;
}

size_t activation_bytes(ActivationKind kind) {
  return kind == ActivationKind::Blocks32 ? sizeof(Activations32) : sizeof(Activations256);
}

}  // namespace melete::engine::kernels
