#include "media/sound_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "media/bytes.h"
#include "media/format.h"
#include "media/mp3_length.h"

namespace melete::media {

namespace {

using Number = std::optional<uint64_t>;

std::unexpected<Error> damaged(Format format, const std::string& label) {
  return fail(ErrorCode::InvalidArgument,
              fmt::format("This {} sound is cut or damaged: its headers do not state a length.",
                          name_of(format)),
              label);
}

struct WavFormat {
  uint64_t coding = 0;
  uint64_t channels = 0;
  uint64_t sample_rate = 0;
  uint64_t frame_bytes = 0;  // one sample of every channel
};

// Reads a "fmt " chunk; nothing when it is cut or contradicts itself.
std::optional<WavFormat> read_wav_format(std::string_view chunk) {
  constexpr uint64_t kExtensible = 0xFFFE;
  Number coding = little(chunk, 0, 2);
  const Number channels = little(chunk, 2, 2);
  const Number rate = little(chunk, 4, 4);
  const Number frame_bytes = little(chunk, 12, 2);
  const Number bits = little(chunk, 14, 2);
  if (!bits) return {};
  if (*coding == kExtensible) coding = little(chunk, 24, 2);
  if (!coding || *channels == 0 || *rate == 0 || *bits == 0) return {};
  if (*frame_bytes != *channels * ((*bits + 7) / 8)) return {};
  return WavFormat{*coding, *channels, *rate, *frame_bytes};
}

bool readable_coding(uint64_t coding) {
  constexpr uint64_t kPcm = 1, kFloat = 3, kALaw = 6, kMuLaw = 7;
  return coding == kPcm || coding == kFloat || coding == kALaw || coding == kMuLaw;
}

// Chunks follow the 12 bytes of RIFF header: a name, a size, data padded to an even length.
Result<SoundLength> wav_length(std::string_view bytes, const std::string& label) {
  std::optional<WavFormat> format;
  size_t position = 12;
  while (const Number size = little(bytes, position + 4, 4)) {
    const std::string_view name = bytes.substr(position, 4);
    const std::string_view data = bytes.substr(position + 8, *size);
    if (name == "fmt ") {
      format = read_wav_format(data);
      if (!format) return damaged(Format::Wav, label);
      if (!readable_coding(format->coding)) {
        return fail(ErrorCode::Unsupported,
                    fmt::format("WAV coding {} cannot be read here: save it as 16-bit PCM.",
                                format->coding),
                    label);
      }
    }
    if (name == "data") {
      if (!format) return damaged(Format::Wav, label);
      return SoundLength{static_cast<int64_t>(data.size() / format->frame_bytes),
                         static_cast<int64_t>(format->sample_rate)};
    }
    position += 8 + *size + (*size & 1);
  }
  return damaged(Format::Wav, label);
}

// STREAMINFO is the first block: the rate in 20 bits, then channels and sample size in 8, then the
// length in 36, from byte 10 of the block on.
Result<SoundLength> flac_length(std::string_view bytes, const std::string& label) {
  constexpr size_t kBlock = 8;
  const Number packed = big(bytes, kBlock + 10, 8);
  const Number kind = big(bytes, 4, 1);
  if (!packed || (*kind & 0x7F) != 0) return damaged(Format::Flac, label);
  const auto rate = static_cast<int64_t>(*packed >> 44);
  const auto frames = static_cast<int64_t>(*packed & 0xFFFFFFFFF);
  if (rate == 0) return damaged(Format::Flac, label);
  if (frames == 0) {
    return fail(ErrorCode::Unsupported,
                "This FLAC sound does not state its length: encode it again from a file.", label);
  }
  return SoundLength{frames, rate};
}

Result<SoundLength> stated_length(std::string_view bytes, const std::string& label) {
  switch (const Format format = sniff(bytes)) {
    case Format::Wav:
      return wav_length(bytes, label);
    case Format::Flac:
      return flac_length(bytes, label);
    case Format::Mp3: {
      const std::optional<SoundLength> length = mp3_length(bytes);
      if (!length) return damaged(format, label);
      return *length;
    }
    default:
      return fail(ErrorCode::InvalidArgument,
                  fmt::format("{} bytes that are not a WAV, MP3 or FLAC sound.", bytes.size()),
                  label);
  }
}

}  // namespace

Result<SoundLength> check_sound(std::string_view bytes, const std::string& label,
                                const SoundLimits& limits) {
  const Result<SoundLength> length = stated_length(bytes, label);
  if (!length) return length;
  if (length->frames < limits.min_frames) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("A sound of {} samples is empty: at least {} are needed.",
                            length->frames, limits.min_frames),
                label);
  }
  if (length->frames / length->sample_rate >= limits.seconds) {
    return fail(ErrorCode::TooLarge,
                fmt::format("A sound of {} seconds exceeds the limit of {}: cut it into pieces.",
                            length->frames / length->sample_rate, limits.seconds),
                label);
  }
  return length;
}

}  // namespace melete::media
