// Conversations as a model that is there already reads them: in its own template and tokens. Only
// what the assistant says is taught.

#pragma once

#include <filesystem>

#include "base/error.h"
#include "loop/batch_source.h"
#include "model/config.h"

namespace melete::train {

// Reads vocabulary and template of a GGUF file; `config` is of the model that was loaded from it,
// with the eye and ear that it was given. Each answer stands behind the prompt that the engine
// would send for it, so that what is learnt is what is asked for. As for our own models, answers
// before the last are taught where they have no reasoning, and stand without it; a template that
// writes them otherwise in a later prompt has only the last taught. A text is taught whole.
//
// Fails as engine::TurnWriter::open() does, and with Unsupported where the vocabulary is larger.
// What it gives fails with Unsupported for pictures without an eye and sounds without an ear.
Result<ConversationWriter> chat_writer(const std::filesystem::path& model,
                                       const ModelConfig& config);

}  // namespace melete::train
