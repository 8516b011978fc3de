// Files that a test looks at or waits for.

#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

namespace melete::train {

// The bytes of a file; nothing where there is none.
inline std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Waits for a file, two minutes at most.
inline bool appears(const std::filesystem::path& file) {
  for (int i = 0; i < 60'000 && !std::filesystem::exists(file); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return std::filesystem::exists(file);
}

}  // namespace melete::train
