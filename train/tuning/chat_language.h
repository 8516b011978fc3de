// How a model that is there already is asked, and how what it writes is read.

#pragma once

#include <filesystem>
#include <memory>

#include "base/error.h"
#include "reinforce/language.h"

namespace melete::train {

// Reads vocabulary and template of a GGUF file. A question is the prompt that the engine would send
// for it, where the model may reason. Fails as engine::TurnWriter::open() does; what it gives fails
// with Unsupported for pictures and sounds, and as TurnWriter::write() does.
Result<std::unique_ptr<const Language>> chat_language(const std::filesystem::path& model);

}  // namespace melete::train
