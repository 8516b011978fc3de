#include "media/mp3_length.h"

#include <array>
#include <cstdint>

#include "media/bytes.h"

namespace melete::media {

namespace {

struct Frame {
  int64_t samples = 0;  // of each channel
  int64_t rate = 0;     // in Hz
  size_t bytes = 0;     // header and data
};

using Kilobits = std::array<int, 15>;  // by index; 0 is "free format"
constexpr Kilobits kVersion1Layer1{0,   32,  64,  96,  128, 160, 192, 224,
                                   256, 288, 320, 352, 384, 416, 448};
constexpr Kilobits kVersion1Layer2{0,   32,  48,  56,  64,  80,  96, 112,
                                   128, 160, 192, 224, 256, 320, 384};
constexpr Kilobits kVersion1Layer3{0,   32,  40,  48,  56,  64,  80, 96,
                                   112, 128, 160, 192, 224, 256, 320};
constexpr Kilobits kVersion2Layer1{0,   32,  48,  56,  64,  80,  96, 112,
                                   128, 144, 160, 176, 192, 224, 256};
constexpr Kilobits kVersion2Other{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
constexpr std::array<int, 3> kRates{44100, 48000, 32000};

int kilobits_of(bool version1, int layer, int index) {
  if (!version1) return layer == 1 ? kVersion2Layer1[index] : kVersion2Other[index];
  if (layer == 1) return kVersion1Layer1[index];
  return layer == 2 ? kVersion1Layer2[index] : kVersion1Layer3[index];
}

// The frame whose header is these four bytes; nothing when they are no header or "free format".
std::optional<Frame> read_frame(uint32_t header) {
  const int version_bits = header >> 19 & 3;  // 0: 2.5, 1: reserved, 2: 2, 3: 1
  const int layer_bits = header >> 17 & 3;    // 0: reserved, else 4 - layer
  const int bitrate_index = header >> 12 & 15;
  const int rate_index = header >> 10 & 3;
  const int padding = header >> 9 & 1;
  const bool synced = header >> 21 == 0x7FF;
  if (!synced || version_bits == 1 || layer_bits == 0) return {};
  if (bitrate_index == 0 || bitrate_index == 15 || rate_index == 3) return {};
  const bool version1 = version_bits == 3;
  const int layer = 4 - layer_bits;
  const int rate_shift = version1 ? 0 : version_bits == 2 ? 1 : 2;
  const int64_t rate = kRates[rate_index] >> rate_shift;
  const int64_t bits = int64_t{1000} * kilobits_of(version1, layer, bitrate_index);
  if (layer == 1) {
    return Frame{384, rate, static_cast<size_t>((12 * bits / rate + padding) * 4)};
  }
  const int64_t samples = layer == 3 && !version1 ? 576 : 1152;
  return Frame{samples, rate, static_cast<size_t>(samples / 8 * bits / rate + padding)};
}

// Where the first frame may begin: behind ID3v2 tags, whose size is written in 7 bits a byte, with
// a footer where a flag says so.
size_t after_tags(std::string_view bytes) {
  size_t position = 0;
  while (position < bytes.size()) {
    const std::string_view tag = bytes.substr(position);
    if (!tag.starts_with("ID3") || tag.size() < 10) break;
    size_t size = 0;
    for (int i = 6; i < 10; ++i) size = size << 7 | (static_cast<unsigned char>(tag[i]) & 0x7F);
    const bool footer = (static_cast<unsigned char>(tag[5]) & 0x10) != 0;
    position += 10 + size + (footer ? 10 : 0);
  }
  return position;
}

// A decoder would skip the tags and take this for another format, whose stated length is not ours.
bool hides_another_format(std::string_view bytes, size_t position) {
  if (position >= bytes.size()) return false;
  const std::string_view inside = bytes.substr(position);
  return inside.starts_with("fLaC") || inside.starts_with("OggS") || inside.starts_with("RIFF");
}

}  // namespace

std::optional<SoundLength> mp3_length(std::string_view bytes) {
  SoundLength length;
  size_t position = after_tags(bytes);
  if (hides_another_format(bytes, position)) return {};
  while (const std::optional<uint64_t> header = big(bytes, position, 4)) {
    const std::optional<Frame> frame = read_frame(static_cast<uint32_t>(*header));
    if (!frame || frame->bytes > bytes.size() - position) {
      ++position;
      continue;
    }
    if (length.sample_rate == 0) length.sample_rate = frame->rate;
    length.frames += frame->samples;
    position += frame->bytes;
  }
  if (length.frames == 0) return {};
  return length;
}

}  // namespace melete::media
