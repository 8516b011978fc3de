// Texts that leave this server sealed and come back later: encrypted reasoning.
//
// A sealed text can be opened by any node that has the key file, only for the owner that it was
// made for, and only where it was not changed. XChaCha20-Poly1305 (libsodium) with a random nonce,
// the owner as associated data, and a key of its own for each purpose, derived from the file's.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "store/seal_keys.h"

namespace melete::store {

// What a key is derived for. Numbers are part of what was sealed: they never change.
enum class SealPurpose : uint64_t { Reasoning = 1 };

// Seals with the first key of the file and opens with any, so that keys can be rotated: write a new
// line on top, and drop the last when nothing that it sealed has to be read any more.
//
// Thread-safe: it never changes.
class Seal {
 public:
  // Reads the key file, or makes it; fails as read_or_make_keys does.
  static Result<Seal> open(const std::filesystem::path& key_file, SealPurpose purpose);

  // Printable text, about 4/3 as long and 65 bytes more. O(bytes).
  std::string seal(std::string_view text, std::string_view owner) const;

  // The text that was sealed. InvalidArgument where `sealed` is malformed or was changed, or was
  // sealed for another owner, for another purpose or by another server. O(bytes).
  Result<std::string> open(std::string_view sealed, std::string_view owner) const;

 private:
  explicit Seal(std::vector<NumberedKey> keys) : keys_(std::move(keys)) {}

  std::vector<NumberedKey> keys_;  // derived for the purpose; at least one
};

}  // namespace melete::store
