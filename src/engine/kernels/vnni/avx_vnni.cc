// The kernels with AVX-VNNI: compiled for it, chosen where the processor has it.

#include "engine/kernels/vnni/kernels.h"
#include "engine/kernels/vnni/words_256.h"
#include "engine/kernels/word_products.h"

namespace melete::engine::kernels::vnni {

const ProductTable kAvxVnni = kWordProducts<Words256>;

}  // namespace melete::engine::kernels::vnni
