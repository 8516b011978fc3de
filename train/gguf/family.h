// The families of models whose files can be loaded, and what a file says about its decoder.

#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "model/config.h"
#include "models/gguf_file.h"

namespace melete::train {

// The decoder of a file of the families llama, qwen2 and qwen3. Fails with Unsupported for any
// other, and for what would be computed in another way: experts, stretched positions, a scale of
// scores of its own. The sizes it gives are plausible, but tensors may still have others.
Result<DecoderConfig> decoder_config(const models::GgufFile& file);

// True for ggml's number of a type whose weights can be loaded.
bool can_load(uint32_t type);

// The error for a file that cannot be loaded: `what` is wrong with it, and what could be.
std::unexpected<Error> cannot_load(const std::string& what);

}  // namespace melete::train
