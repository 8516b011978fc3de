#include "media/samples.h"

#include <cstdint>

namespace melete::media {

namespace {

std::string little_bytes(uint32_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> 8 * i);
  return bytes;
}

}  // namespace

std::string black_square(int side) {
  constexpr int kHeaderBytes = 54;
  constexpr int kInfoBytes = 40;
  const int row_bytes = (side * 3 + 3) / 4 * 4;
  const std::string pixels(static_cast<size_t>(row_bytes) * side, '\0');
  return "BM" + little_bytes(kHeaderBytes + pixels.size(), 4) + little_bytes(0, 4) +
         little_bytes(kHeaderBytes, 4) + little_bytes(kInfoBytes, 4) + little_bytes(side, 4) +
         little_bytes(side, 4) + little_bytes(1, 2) + little_bytes(24, 2) + std::string(24, '\0') +
         pixels;
}

std::string silence(int samples) {
  constexpr uint32_t kRate = 16000;
  constexpr uint32_t kSampleBytes = 2;
  const uint32_t bytes = samples * kSampleBytes;
  return "RIFF" + little_bytes(36 + bytes, 4) + "WAVEfmt " + little_bytes(16, 4) +
         little_bytes(1, 2) + little_bytes(1, 2) + little_bytes(kRate, 4) +
         little_bytes(kRate * kSampleBytes, 4) + little_bytes(kSampleBytes, 2) +
         little_bytes(8 * kSampleBytes, 2) + "data" + little_bytes(bytes, 4) +
         std::string(bytes, '\0');
}

}  // namespace melete::media
