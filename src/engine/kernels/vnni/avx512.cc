// The kernels with AVX-512 VNNI: compiled for it, chosen where the processor has it.

#include "engine/kernels/vnni/kernels.h"
#include "engine/kernels/vnni/words_512.h"
#include "engine/kernels/word_products.h"

namespace melete::engine::kernels::vnni {

const ProductTable kAvx512 = kWordProducts<Words512>;

}  // namespace melete::engine::kernels::vnni
