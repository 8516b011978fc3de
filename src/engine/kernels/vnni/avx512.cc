// The kernels with AVX-512 VNNI: compiled for it, chosen where the processor has it.

#include "engine/kernels/vnni/kernels.h"
#include "engine/kernels/vnni/products.h"
#include "engine/kernels/vnni/words_512.h"

namespace melete::engine::kernels::vnni {

using All = Products<Words512>;

const Table kAvx512 = {
    .q4_k = All::q4_k, .q6_k = All::q6_k, .q4_0 = All::q4_0, .q4_1 = All::q4_1, .q8_0 = All::q8_0};

}  // namespace melete::engine::kernels::vnni
