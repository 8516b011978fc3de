// Numbers at a position of a byte string, never past its end: what header readers stand on.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace melete::media {

enum class ByteOrder { Little, Big };

// The unsigned number of `count` bytes (1 to 8) at `offset`; nothing when the bytes end before it
// does.
inline std::optional<uint64_t> number_at(std::string_view bytes, size_t offset, int count,
                                         ByteOrder order) {
  if (offset > bytes.size() || bytes.size() - offset < static_cast<size_t>(count)) return {};
  uint64_t value = 0;
  for (int i = 0; i < count; ++i) {
    const int index = order == ByteOrder::Big ? i : count - 1 - i;
    value = value << 8 | static_cast<unsigned char>(bytes[offset + index]);
  }
  return value;
}

inline std::optional<uint64_t> little(std::string_view bytes, size_t offset, int count) {
  return number_at(bytes, offset, count, ByteOrder::Little);
}

inline std::optional<uint64_t> big(std::string_view bytes, size_t offset, int count) {
  return number_at(bytes, offset, count, ByteOrder::Big);
}

}  // namespace melete::media
