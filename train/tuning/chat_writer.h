// Conversations as a model that is there already reads them: in its own template and tokens. Only
// what the assistant says is taught.

#pragma once

#include <filesystem>

#include "base/error.h"
#include "loop/batch_source.h"

namespace melete::train {

// Reads vocabulary and template of a GGUF file; `vocabulary` are the rows of its embedding. Each
// answer stands behind the prompt that the engine would send for it, so that what is learnt is what
// is asked for. As for our own models, answers before the last are taught where they have no
// reasoning, and stand without it; a template that writes them otherwise in a later prompt has only
// the last taught. A text is taught whole.
//
// Fails as engine::TurnWriter::open() does, and with Unsupported where the vocabulary is larger.
// What it gives fails with Unsupported for pictures and sounds.
Result<ConversationWriter> chat_writer(const std::filesystem::path& model, int64_t vocabulary);

}  // namespace melete::train
