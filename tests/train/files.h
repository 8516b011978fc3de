// Files that a test looks at or waits for.

#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include "base/file_content.h"

namespace melete::train {

// The bytes of a file; nothing where there is none.
inline std::string content_of(const std::filesystem::path& file) {
  return file_content(file).value_or("");
}

// Waits for a file, two minutes at most.
inline bool appears(const std::filesystem::path& file) {
  for (int i = 0; i < 60'000 && !std::filesystem::exists(file); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return std::filesystem::exists(file);
}

}  // namespace melete::train
