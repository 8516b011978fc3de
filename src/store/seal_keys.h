// The key file of sealed texts: one key a line, an id of 8 hexadecimal digits and the key of 64.
//
// The first key seals and all open. Empty lines and those that begin with # are passed over.

#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/error.h"

namespace melete::store {

// 32 secret bytes, wiped from memory as they end.
class SecretKey {
 public:
  static constexpr size_t kBytes = 32;

  SecretKey() = default;
  SecretKey(const SecretKey&) = default;
  SecretKey& operator=(const SecretKey&) = default;
  ~SecretKey();

  unsigned char* data() { return bytes_.data(); }
  const unsigned char* data() const { return bytes_.data(); }

 private:
  std::array<unsigned char, kBytes> bytes_{};
};

struct NumberedKey {
  uint32_t id = 0;
  SecretKey key;
};

// Reads the file, in its order; makes it with one new key and mode 0600 where it is missing. Of
// several processes that make it at once one wins, and all read what that one wrote. At least one
// key. Forbidden where others than its owner may read it, Corrupt where a line is no key or two
// have one id, Unavailable where it cannot be read, StorageFull where it cannot be made.
Result<std::vector<NumberedKey>> read_or_make_keys(const std::filesystem::path& file);

}  // namespace melete::store
