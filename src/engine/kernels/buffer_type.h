// ggml's door: a buffer type whose weights are packed and whose products run in our kernels.

#pragma once

#include "ggml-backend.h"

namespace melete::engine::kernels {

// The one buffer type; its memory is the CPU backend's. It lives as long as the process, as ggml's
// own do.
ggml_backend_buffer_type_t packed_buffer_type();

}  // namespace melete::engine::kernels
