// The bytes of a file that a test looks at.

#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace melete::train {

// Nothing where there is no such file.
inline std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace melete::train
