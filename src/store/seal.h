// Texts that leave this server sealed and come back later: encrypted reasoning.
//
// A sealed text can be opened by any node that has the key file, only for the owner that it was
// made for, and only where it has not been changed. XChaCha20-Poly1305 (libsodium); each purpose
// has a key of its own, derived from the master key.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace melete::store {

// Numbers are part of what was sealed: they never change.
enum class SealPurpose : uint64_t { Reasoning = 1 };

// Seals with the first key of the file and opens with any, so that keys can be rotated: write a new
// line on top, and drop the last one when nothing sealed with it needs to be read any more. A line
// is the key's id (8 hexadecimal digits) and the master key (64).
//
// Thread-safe: it never changes. Its keys are wiped from memory as it ends.
class Seal {
 public:
  // Reads the key file; makes it with one new key and mode 0600 where it is missing (of several
  // nodes that do so at once, all get the same). Forbidden where others may read the file, Corrupt
  // where a line is no key, Unavailable or StorageFull where it cannot be read or made.
  static Result<Seal> open(const std::filesystem::path& key_file, SealPurpose purpose);

  Seal(Seal&&) noexcept = default;
  Seal& operator=(Seal&&) noexcept = default;
  ~Seal();

  // Printable text, about 4/3 as long plus 70 bytes. O(bytes), about 1 GB/s.
  std::string seal(std::string_view text, std::string_view owner) const;

  // The text that was sealed. InvalidArgument where `sealed` is malformed, was changed, or is
  // another owner's or another server's.
  Result<std::string> open(std::string_view sealed, std::string_view owner) const;

 private:
  struct Key {
    uint32_t id;
    std::vector<unsigned char> bytes;
  };

  explicit Seal(std::vector<Key> keys) : keys_(std::move(keys)) {}

  std::vector<Key> keys_;  // at least one
};

}  // namespace melete::store
