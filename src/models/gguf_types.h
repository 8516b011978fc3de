// How ggml's tensor types are stored: elements in a block and bytes of a block (ggml.h,
// ggml-common.h).

#pragma once

#include <cstdint>
#include <string_view>

namespace melete::models {

struct GgufType {
  uint32_t number;
  std::string_view name;
  uint32_t block_elements;
  uint32_t block_bytes;
};

// The type of this number, or null where it is not known or was removed from the format.
const GgufType* find_gguf_type(uint32_t number);

}  // namespace melete::models
