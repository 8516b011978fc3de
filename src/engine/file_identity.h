// Tells a file from every other and from its own earlier states, without reading it.

#pragma once

#include <filesystem>
#include <string>

namespace melete::engine {

// Path, size and time of change of an existing file; "-" for an empty path.
std::string file_identity(const std::filesystem::path& file);

}  // namespace melete::engine
