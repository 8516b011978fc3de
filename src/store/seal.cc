#include "store/seal.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>

namespace melete::store {

namespace {

// A sealed text is the mark and, in base64 for URLs, the key's id, the nonce and the ciphertext.
constexpr std::string_view kMark = "seal1.";
constexpr int kBase64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
constexpr size_t kIdBytes = 4;
constexpr size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr size_t kHeadBytes = kIdBytes + kNonceBytes;

static_assert(SecretKey::kBytes == crypto_kdf_KEYBYTES);
static_assert(SecretKey::kBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

// Keeps these keys apart from what else may be derived from a master key one day.
constexpr std::array<char, crypto_kdf_CONTEXTBYTES> kContext{'m', 'e', 'l', '.',
                                                             's', 'e', 'a', 'l'};

const unsigned char* as_bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* as_bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

std::unexpected<Error> refuse(std::string_view why) {
  return fail(
      ErrorCode::InvalidArgument,
      fmt::format("The encrypted text cannot be read: {}. Send it unchanged, or leave it out.",
                  why));
}

// The bytes behind the mark, or nothing where they are no such text.
std::string decode(std::string_view sealed) {
  std::string bytes(sealed.size(), '\0');
  size_t length = 0;
  const int failed = sodium_base642bin(as_bytes(bytes), bytes.size(), sealed.data(), sealed.size(),
                                       nullptr, &length, nullptr, kBase64);
  bytes.resize(failed == 0 ? length : 0);
  return bytes;
}

std::string encode(std::string_view bytes) {
  // One more for the zero that libsodium writes at the end.
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), kBase64), '\0');
  sodium_bin2base64(text.data(), text.size(), as_bytes(bytes), bytes.size(), kBase64);
  text.pop_back();
  return text;
}

}  // namespace

Result<Seal> Seal::open(const std::filesystem::path& key_file, SealPurpose purpose) {
  const auto masters = read_or_make_keys(key_file);
  if (!masters) return std::unexpected(masters.error());
  std::vector<NumberedKey> keys;
  for (const NumberedKey& master : *masters) {
    NumberedKey& derived = keys.emplace_back();
    derived.id = master.id;
    crypto_kdf_derive_from_key(derived.key.data(), SecretKey::kBytes,
                               static_cast<uint64_t>(purpose), kContext.data(), master.key.data());
  }
  return Seal(std::move(keys));
}

std::string Seal::seal(std::string_view text, std::string_view owner) const {
  const NumberedKey& key = keys_.front();
  std::string bytes(kHeadBytes + text.size() + kTagBytes, '\0');
  for (size_t index = 0; index < kIdBytes; ++index) {
    bytes[index] = static_cast<char>(key.id >> (8 * (kIdBytes - 1 - index)));
  }
  unsigned char* const nonce = as_bytes(bytes) + kIdBytes;
  randombytes_buf(nonce, kNonceBytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(as_bytes(bytes) + kHeadBytes, nullptr, as_bytes(text),
                                             text.size(), as_bytes(owner), owner.size(), nullptr,
                                             nonce, key.key.data());
  return std::string(kMark) + encode(bytes);
}

Result<std::string> Seal::open(std::string_view sealed, std::string_view owner) const {
  if (!sealed.starts_with(kMark)) return refuse("it is not of this server");
  const std::string bytes = decode(sealed.substr(kMark.size()));
  if (bytes.size() < kHeadBytes + kTagBytes) return refuse("it was cut or changed");
  uint32_t id = 0;
  for (size_t index = 0; index < kIdBytes; ++index) {
    id = id << 8 | static_cast<unsigned char>(bytes[index]);
  }
  const auto key = std::ranges::find(keys_, id, &NumberedKey::id);
  if (key == keys_.end()) return refuse("its key is not, or no longer, known to this server");
  std::string text(bytes.size() - kHeadBytes - kTagBytes, '\0');
  const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
      as_bytes(text), nullptr, nullptr, as_bytes(bytes) + kHeadBytes, bytes.size() - kHeadBytes,
      as_bytes(owner), owner.size(), as_bytes(bytes) + kIdBytes, key->key.data());
  if (failed != 0) return refuse("it was changed, or it is another caller's");
  return text;
}

}  // namespace melete::store
