// Small files for tests: a GGUF that is whole, a ZIP archive, a directory that goes away.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace melete::models {

// A GGUF file of an invented architecture: two tensors with `payload_bytes` of weights in all (a
// multiple of 256), a vocabulary of 300 tokens, a chat template.
std::string sample_gguf(uint64_t payload_bytes = 1024);

// A ZIP archive with one member, deflated.
std::string sample_zip(std::string_view member, std::string_view content);

void write_file(const std::filesystem::path& file, std::string_view content);
std::string read_file(const std::filesystem::path& file);

std::string sha256_of(std::string_view content);

// A new directory, removed with all it holds.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Sets a variable of the environment for as long as it lives.
class EnvironmentVariable {
 public:
  EnvironmentVariable(std::string name, const std::string& value);
  ~EnvironmentVariable();
  EnvironmentVariable(const EnvironmentVariable&) = delete;
  EnvironmentVariable& operator=(const EnvironmentVariable&) = delete;

 private:
  std::string name_;
  std::string old_;
  bool was_set_;
};

}  // namespace melete::models
