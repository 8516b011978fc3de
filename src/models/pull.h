// Brings a model into the model directory: fetched, checked by SHA-256 and by its GGUF header, and
// visible only when it is whole.
//
// A cut download continues where it was when it is pulled again. A wrong digest, something that is
// no GGUF, or a full disk leaves nothing behind.

#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include "base/error.h"
#include "models/model_library.h"
#include "models/progress.h"

namespace melete::models {

struct PullOptions {
  ProgressCallback on_progress;  // from the calling thread; may be empty
  std::stop_token stop;          // asked to stop: Cancelled, and the download can be resumed
  std::string name;              // what to call a model from a URL or file; empty: after its file
};

// Pulls `wanted`: a name of the catalogue, an http(s) URL of a GGUF file, hf:OWNER/REPOSITORY/FILE,
// or the path of a GGUF file (linked or copied). Blocks until done; a model that is there already
// costs nothing.
//
// One pull at a time works in a directory; a second one, also of another process, waits.
//
// Fails with NotFound (unknown name, no such file), StorageFull (unwritable, or no room: found out
// before the download where the size is known), Unavailable (no source answers), Corrupt (wrong
// digest, not a GGUF), Conflict (another model or file has its name), Cancelled.
Result<Manifest> pull(const ModelLibrary& library, std::string_view wanted,
                      const PullOptions& options = {});

}  // namespace melete::models
