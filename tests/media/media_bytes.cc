#include "media/media_bytes.h"

namespace melete::media {

std::string little_bytes(uint64_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> 8 * i);
  return bytes;
}

std::string big_bytes(uint64_t value, int count) {
  std::string bytes;
  for (int i = count - 1; i >= 0; --i) bytes += static_cast<char>(value >> 8 * i);
  return bytes;
}

std::string png_header(uint32_t width, uint32_t height) {
  return "\x89PNG\r\n\x1a\n" + big_bytes(13, 4) + "IHDR" + big_bytes(width, 4) +
         big_bytes(height, 4);
}

std::string gif_header(uint16_t width, uint16_t height) {
  return "GIF89a" + little_bytes(width, 2) + little_bytes(height, 2) + std::string(3, '\0');
}

std::string bmp_header(int32_t width, int32_t height) {
  return "BM" + std::string(12, '\0') + little_bytes(40, 4) +
         little_bytes(static_cast<uint32_t>(width), 4) +
         little_bytes(static_cast<uint32_t>(height), 4);
}

std::string jpeg_header(uint16_t width, uint16_t height) {
  const std::string application = "\xFF\xE0" + big_bytes(6, 2) + "JFIF";
  const std::string tables = "\xFF\xC4" + big_bytes(4, 2) + "\xFF\xC0";  // looks like a frame
  const std::string frame =
      "\xFF\xC2" + big_bytes(11, 2) + "\x08" + big_bytes(height, 2) + big_bytes(width, 2);
  return "\xFF\xD8" + application + tables + frame;
}

std::string wav_file(const Wav& wav) {
  const int frame_bytes = wav.channels * wav.bits / 8;
  const std::string format = little_bytes(wav.coding, 2) + little_bytes(wav.channels, 2) +
                             little_bytes(wav.rate, 4) + little_bytes(wav.rate * frame_bytes, 4) +
                             little_bytes(frame_bytes, 2) + little_bytes(wav.bits, 2);
  const uint64_t claimed = wav.claimed < 0 ? wav.data.size() : wav.claimed;
  return "RIFF" + little_bytes(36 + claimed, 4) + "WAVEfmt " + little_bytes(format.size(), 4) +
         format + "data" + little_bytes(claimed, 4) + wav.data;
}

std::string flac_header(int64_t rate, int64_t frames) {
  constexpr uint64_t kMono16Bits = 15;
  const uint64_t packed =
      static_cast<uint64_t>(rate) << 44 | kMono16Bits << 36 | static_cast<uint64_t>(frames);
  return std::string("fLaC") + '\x80' + big_bytes(34, 3) + std::string(10, '\x10') +
         big_bytes(packed, 8) + std::string(16, '\0');
}

std::string mp3_file(int count) {
  constexpr size_t kFrameBytes = 417;  // 144 * 128000 / 44100
  std::string bytes;
  for (int i = 0; i < count; ++i) {
    bytes += "\xFF\xFB\x90\x64";
    bytes.append(kFrameBytes - 4, '\0');
  }
  return bytes;
}

}  // namespace melete::media
