// Pictures and sounds as files, the way a caller sends them.

#pragma once

#include <memory>
#include <string>

#include "senses/picture.h"
#include "senses/spectrogram.h"

namespace melete::train {

inline std::string little_endian(uint32_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> 8 * i);
  return bytes;
}

// A 24-bit BMP: rows from the bottom, blue first.
inline std::shared_ptr<const std::string> bmp_of(const Picture& picture) {
  constexpr uint32_t kHeader = 54;
  std::string pixels;
  for (int y = picture.height - 1; y >= 0; --y) {
    for (int x = 0; x < picture.width; ++x) {
      const uint8_t* pixel =
          picture.pixels.data() + size_t{3} * (static_cast<size_t>(y) * picture.width + x);
      for (const int channel : {2, 1, 0}) pixels += static_cast<char>(pixel[channel]);
    }
    pixels.append((4 - picture.width * 3 % 4) % 4, '\0');
  }
  const auto bytes = static_cast<uint32_t>(pixels.size());
  return std::make_shared<const std::string>(
      "BM" + little_endian(kHeader + bytes, 4) + little_endian(0, 4) + little_endian(kHeader, 4) +
      little_endian(40, 4) + little_endian(picture.width, 4) + little_endian(picture.height, 4) +
      little_endian(1, 2) + little_endian(24, 2) + std::string(24, '\0') + pixels);
}

// A 16-bit WAV. Samples are multiples of 1/32768 if it is to be read as it was.
inline std::shared_ptr<const std::string> wav_of(const Sound& sound) {
  std::string data;
  for (const float sample : sound) {
    data += little_endian(static_cast<uint32_t>(static_cast<int>(sample * 32768)), 2);
  }
  const auto bytes = static_cast<uint32_t>(data.size());
  return std::make_shared<const std::string>(
      "RIFF" + little_endian(36 + bytes, 4) + "WAVEfmt " + little_endian(16, 4) +
      little_endian(1, 2) + little_endian(1, 2) + little_endian(kSampleRate, 4) +
      little_endian(2 * kSampleRate, 4) + little_endian(2, 2) + little_endian(16, 2) + "data" +
      little_endian(bytes, 4) + data);
}

}  // namespace melete::train
