// Where the models lie that come with Melete.

#pragma once

#include <filesystem>

namespace melete::models {

// share/melete/models beside the directory of this program, else models/ of the source that it was
// built from. It need not exist.
std::filesystem::path shipped_directory();

}  // namespace melete::models
