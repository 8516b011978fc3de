#include "media/digest.h"

#include <sodium.h>

#include <array>
#include <bit>

#include "base/check.h"

namespace melete::media {

namespace {

using Key = std::array<unsigned char, crypto_shorthash_KEYBYTES>;

Key random_key() {
  MELETE_CHECK(sodium_init() >= 0, "libsodium finds a source of randomness");
  Key key;
  crypto_shorthash_keygen(key.data());
  return key;
}

}  // namespace

uint64_t digest_of(std::string_view bytes) {
  static const Key key = random_key();
  std::array<unsigned char, crypto_shorthash_BYTES> digest;
  crypto_shorthash(digest.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                   bytes.size(), key.data());
  return std::bit_cast<uint64_t>(digest);
}

}  // namespace melete::media
