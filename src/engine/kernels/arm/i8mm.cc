// The kernels with usdot: compiled for it, chosen where the processor has it.

#include "engine/kernels/arm/kernels.h"
#include "engine/kernels/arm/words_128.h"
#include "engine/kernels/word_products.h"

namespace melete::engine::kernels::arm {

const ProductTable kI8mm = kWordProducts<WordsI8mm>;

}  // namespace melete::engine::kernels::arm
