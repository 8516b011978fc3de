// A whole file at once.

#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace melete {

// All bytes of a file. Nothing where it cannot be opened or read, as a folder cannot; errno tells
// why.
std::optional<std::string> file_content(const std::filesystem::path& file);

}  // namespace melete
