// LoRA adapters (arXiv:2106.09685) and whether they fit a model, told from the headers of both.
//
// An adapter adds to a matrix of its base model the product of two thin ones. Its file holds them
// as NAME.lora_a and NAME.lora_b, where NAME is the matrix's. llama.cpp refuses most that do not
// fit, and ends the process on some, so this check stands before it.

#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "base/error.h"
#include "models/gguf_file.h"

namespace melete::models {

struct AdapterFile {
  std::string name;            // by which requests ask for it; not empty
  std::filesystem::path file;  // a GGUF file
};

// What keeps an adapter from a base model, as a clause about the adapter ("it was made for the
// architecture qwen2, and the model is llama"); empty where it fits.
std::string problem_of_adapter(const GgufFile& adapter, const GgufFile& base);

// How much of its base model's reasoning an adapter needs, in percent, as the run that made it has
// measured; 0 where the file does not say, or cannot be read.
int reasoning_percent(const std::filesystem::path& adapter);

// Reads the headers of all adapters of one base model. Fails as read_gguf() does for one that
// cannot be read, and with InvalidArgument for one that does not fit or a name that comes twice;
// the text names the adapter.
Result<void> check_adapters(std::span<const AdapterFile> adapters, const GgufFile& base);

}  // namespace melete::models
