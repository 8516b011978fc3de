// ggml's block structures (block_q4_K, ...), which its public headers leave out.

#pragma once

#define GGML_COMMON_DECL_CPP
#include "ggml-common.h"
