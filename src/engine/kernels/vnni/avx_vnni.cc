// The kernels with AVX-VNNI: compiled for it, chosen where the processor has it.

#include "engine/kernels/vnni/kernels.h"
#include "engine/kernels/vnni/products.h"
#include "engine/kernels/vnni/words_256.h"

namespace melete::engine::kernels::vnni {

using All = Products<Words256>;

const Table kAvxVnni = {
    .q4_k = All::q4_k, .q6_k = All::q6_k, .q4_0 = All::q4_0, .q4_1 = All::q4_1, .q8_0 = All::q8_0};

}  // namespace melete::engine::kernels::vnni
