// Fetches a file over HTTP, continuing where an earlier attempt was cut.

#pragma once

#include <string>

#include "base/error.h"
#include "models/catalogue.h"
#include "models/fetch.h"
#include "models/partial_file.h"

namespace melete::models {

// Appends to `file` what it does not have of `url` yet. A cut connection is taken up again, up to
// five times without progress. Blocks. Fails with InvalidArgument (not an http or https URL),
// NotFound, Unauthorized, Unavailable, StorageFull or Cancelled.
Result<void> fetch_url(const std::string& url, PartialFile& file, FetchContext& context);

// The same for a file on Hugging Face ($HF_ENDPOINT where set; $HF_TOKEN for models that ask for
// one). Returns the SHA-256 that the hub states for the file, empty where it states none.
Result<std::string> fetch_from_hugging_face(const HuggingFaceSource& source, PartialFile& file,
                                            FetchContext& context);

}  // namespace melete::models
