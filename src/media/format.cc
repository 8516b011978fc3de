#include "media/format.h"

namespace melete::media {

namespace {

// MPEG audio begins with eleven set bits; version 1 and layer 0 are reserved.
bool starts_mpeg_frame(std::string_view bytes) {
  if (bytes.size() < 4) return false;
  const auto first = static_cast<unsigned char>(bytes[0]);
  const auto second = static_cast<unsigned char>(bytes[1]);
  const int version = second >> 3 & 3;
  const int layer = second >> 1 & 3;
  return first == 0xFF && (second & 0xE0) == 0xE0 && version != 1 && layer != 0;
}

bool is_riff(std::string_view bytes, std::string_view kind) {
  return bytes.size() >= 12 && bytes.starts_with("RIFF") && bytes.substr(8, 4) == kind;
}

}  // namespace

Format sniff(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return Format::Png;
  if (bytes.starts_with("\xFF\xD8\xFF")) return Format::Jpeg;
  if (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a")) return Format::Gif;
  if (is_riff(bytes, "WEBP")) return Format::Webp;
  if (is_riff(bytes, "WAVE")) return Format::Wav;
  if (bytes.starts_with("fLaC")) return Format::Flac;
  if (bytes.starts_with("ID3") || starts_mpeg_frame(bytes)) return Format::Mp3;
  if (bytes.starts_with("BM")) return Format::Bmp;
  return Format::Unknown;
}

bool is_image(Format format) {
  switch (format) {
    case Format::Png:
    case Format::Jpeg:
    case Format::Gif:
    case Format::Bmp:
    case Format::Webp:
      return true;
    default:
      return false;
  }
}

bool is_sound(Format format) {
  return format == Format::Wav || format == Format::Mp3 || format == Format::Flac;
}

std::string_view name_of(Format format) {
  switch (format) {
    case Format::Unknown:
      return "unknown";
    case Format::Png:
      return "PNG";
    case Format::Jpeg:
      return "JPEG";
    case Format::Gif:
      return "GIF";
    case Format::Bmp:
      return "BMP";
    case Format::Webp:
      return "WebP";
    case Format::Wav:
      return "WAV";
    case Format::Mp3:
      return "MP3";
    case Format::Flac:
      return "FLAC";
  }
  return "unknown";
}

}  // namespace melete::media
