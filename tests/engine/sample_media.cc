#include "engine/sample_media.h"

#include <cmath>
#include <numbers>
#include <utility>

namespace melete::engine {

namespace {

std::string little(uint32_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> 8 * i);
  return bytes;
}

MediaItem item(MediaItem::Kind kind, std::string bytes, std::string label) {
  return {kind, std::make_shared<const std::string>(std::move(bytes)), std::move(label)};
}

}  // namespace

std::string picture(int width, int height, int shade) {
  constexpr int kHeader = 54;
  const int padding = (4 - width * 3 % 4) % 4;
  std::string pixels;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      pixels += static_cast<char>(x * 255 / width);
      pixels += static_cast<char>(y * 255 / height);
      pixels += static_cast<char>(shade);
    }
    pixels.append(padding, '\0');
  }
  const auto bytes = static_cast<uint32_t>(pixels.size());
  return "BM" + little(kHeader + bytes, 4) + little(0, 4) + little(kHeader, 4) + little(40, 4) +
         little(width, 4) + little(height, 4) + little(1, 2) + little(24, 2) + little(0, 4) +
         little(bytes, 4) + little(2835, 4) + little(2835, 4) + little(0, 4) + little(0, 4) +
         pixels;
}

std::string sound(int samples, int hertz) {
  constexpr int kRate = 16000;
  std::string data;
  for (int i = 0; i < samples; ++i) {
    const double angle = 2 * std::numbers::pi * hertz * i / kRate;
    data += little(static_cast<uint32_t>(std::lround(9000 * std::sin(angle))), 2);
  }
  const auto bytes = static_cast<uint32_t>(data.size());
  return "RIFF" + little(36 + bytes, 4) + "WAVEfmt " + little(16, 4) + little(1, 2) + little(1, 2) +
         little(kRate, 4) + little(2 * kRate, 4) + little(2, 2) + little(16, 2) + "data" +
         little(bytes, 4) + data;
}

MediaItem image_item(std::string bytes, std::string label) {
  return item(MediaItem::Kind::Image, std::move(bytes), std::move(label));
}

MediaItem audio_item(std::string bytes, std::string label) {
  return item(MediaItem::Kind::Audio, std::move(bytes), std::move(label));
}

}  // namespace melete::engine
