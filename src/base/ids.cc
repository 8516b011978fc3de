#include "base/ids.h"

#include <sodium.h>

#include <chrono>
#include <cstdint>

namespace melete {

namespace {
constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
}

std::string make_id(std::string_view prefix) {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  const auto milliseconds = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count());
  std::string id(prefix);
  for (int shift = 35; shift >= 0; shift -= 5) id += kAlphabet[(milliseconds >> shift) & 31];
  for (int index = 0; index < 16; ++index) id += kAlphabet[randombytes_random() & 31];
  return id;
}

}  // namespace melete
