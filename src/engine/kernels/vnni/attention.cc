// Attention with AVX-512; keys and values are loaded as AVX2 does it.

#include "engine/kernels/attention_math.h"
#include "engine/kernels/avx2/kernels.h"
#include "engine/kernels/vnni/kernels.h"
#include "engine/kernels/vnni/vector_512.h"

namespace melete::engine::kernels::vnni {

const AttentionMath kAttention512 = {.load_keys = avx2::load_keys,
                                     .load_values = avx2::load_values,
                                     .attend = TileMath<Vector512>::attend};

}  // namespace melete::engine::kernels::vnni
