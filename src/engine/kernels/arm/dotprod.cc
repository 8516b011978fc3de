// The kernels with sdot: compiled for it, chosen where the processor has it.

#include "engine/kernels/arm/kernels.h"
#include "engine/kernels/arm/words_128.h"
#include "engine/kernels/word_products.h"

namespace melete::engine::kernels::arm {

const ProductTable kDotprod = kWordProducts<WordsDotprod>;

}  // namespace melete::engine::kernels::arm
