// The smallest pictures and sounds that say what a test wants, built byte by byte.

#pragma once

#include <cstdint>
#include <string>

namespace melete::media {

// `count` bytes of a number, lowest first or highest first.
std::string little_bytes(uint64_t value, int count);
std::string big_bytes(uint64_t value, int count);

// Headers alone, without pixels.
std::string png_header(uint32_t width, uint32_t height);
std::string gif_header(uint16_t width, uint16_t height);
std::string bmp_header(int32_t width, int32_t height);
std::string jpeg_header(uint16_t width, uint16_t height);

struct Wav {
  int coding = 1;  // PCM
  int channels = 1;
  int bits = 16;
  int64_t rate = 16000;
  std::string data;      // samples as they lie in the file
  int64_t claimed = -1;  // bytes of data that the header states; -1: the truth
};

std::string wav_file(const Wav& wav);

// STREAMINFO alone.
std::string flac_header(int64_t rate, int64_t frames);

// `count` frames of MPEG 1 layer III, 128 kbit/s, 44.1 kHz, filled with zeros.
std::string mp3_file(int count);

}  // namespace melete::media
