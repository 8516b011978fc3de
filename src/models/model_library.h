// The catalogue and the model directory as one thing: what `serve`, `ask` and the model commands
// work with.

#pragma once

#include <string_view>

#include "base/error.h"
#include "models/catalogue.h"
#include "models/model_directory.h"

namespace melete::models {

// Thread-safe for reading.
struct ModelLibrary {
  Catalogue catalogue;
  ModelDirectory directory;

  // The catalogue with the user's file on top, and the standard directory. Fails where the user's
  // catalogue is wrong.
  static Result<ModelLibrary> open();

  // Finds the files of a model by name, pulled or shipped with Melete, or of a GGUF file by its
  // path (which has a '/' or ends in .gguf), with the projector beside it. Fails with NotFound; the
  // text says how to pull a model that the catalogue knows, and what is close to a name that it
  // does not.
  Result<ModelFiles> resolve(std::string_view name_or_path) const;
};

}  // namespace melete::models
