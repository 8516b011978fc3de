// SHA-256 of a stream or a file, in the 64 lower-case digits that catalogues use.

#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace melete::models {

// Digests bytes as they pass. Not thread-safe.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void add(std::string_view bytes);

  // The digest of all that was added. The object must not be used afterwards.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Reads the whole file. Fails with NotFound where it cannot be read.
Result<std::string> sha256_of_file(const std::filesystem::path& file);

}  // namespace melete::models
