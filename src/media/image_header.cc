#include "media/image_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "media/bytes.h"
#include "media/format.h"

namespace melete::media {

namespace {

using Number = std::optional<uint64_t>;

std::optional<ImageSize> size_of(Number width, Number height) {
  if (!width || !height) return {};
  return ImageSize{static_cast<int64_t>(*width), static_cast<int64_t>(*height)};
}

std::optional<ImageSize> png_size(std::string_view bytes) {
  if (bytes.size() < 16 || bytes.substr(12, 4) != "IHDR") return {};
  return size_of(big(bytes, 16, 4), big(bytes, 20, 4));
}

std::optional<ImageSize> gif_size(std::string_view bytes) {
  return size_of(little(bytes, 6, 2), little(bytes, 8, 2));
}

// The height of a BMP is negative when its rows run from the top.
std::optional<ImageSize> bmp_size(std::string_view bytes) {
  constexpr uint64_t kCoreHeader = 12;  // the OS/2 form has sides of 16 bits
  const Number header = little(bytes, 14, 4);
  if (!header) return {};
  if (*header == kCoreHeader) return size_of(little(bytes, 18, 2), little(bytes, 20, 2));
  std::optional<ImageSize> size = size_of(little(bytes, 18, 4), little(bytes, 22, 4));
  if (!size) return {};
  const auto height = static_cast<int32_t>(static_cast<uint32_t>(size->height));
  size->height = std::abs(static_cast<int64_t>(height));
  return size;
}

// A frame header is one of the markers C0 to CF without DHT (C4), JPG (C8) and DAC (CC).
bool is_frame_header(uint64_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

bool stands_alone(uint64_t marker) {
  return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
}

std::optional<ImageSize> jpeg_size(std::string_view bytes) {
  size_t position = 2;
  while (true) {
    const Number lead = big(bytes, position, 1);
    if (!lead) return {};
    if (*lead != 0xFF) {  // decoders skip what lies between segments
      ++position;
      continue;
    }
    const Number marker = big(bytes, position + 1, 1);
    if (!marker) return {};
    if (*marker == 0xFF || *marker == 0) {
      ++position;
      continue;
    }
    position += 2;
    if (stands_alone(*marker)) continue;
    if (is_frame_header(*marker)) {
      return size_of(big(bytes, position + 5, 2), big(bytes, position + 3, 2));
    }
    const Number length = big(bytes, position, 2);
    if (!length || *length < 2) return {};
    position += *length;
  }
}

std::optional<ImageSize> stated_size(Format format, std::string_view bytes) {
  switch (format) {
    case Format::Png:
      return png_size(bytes);
    case Format::Jpeg:
      return jpeg_size(bytes);
    case Format::Gif:
      return gif_size(bytes);
    case Format::Bmp:
      return bmp_size(bytes);
    default:
      return {};
  }
}

}  // namespace

Result<ImageSize> check_image(std::string_view bytes, const std::string& label,
                              const ImageLimits& limits) {
  const Format format = sniff(bytes);
  if (format == Format::Webp) {
    return fail(ErrorCode::Unsupported,
                "WebP pictures cannot be read here: convert it to PNG or JPEG.", label);
  }
  if (!is_image(format)) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("{} bytes that are not a PNG, JPEG, GIF or BMP picture.", bytes.size()),
                label);
  }
  const std::optional<ImageSize> size = stated_size(format, bytes);
  if (!size) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("This {} picture is cut or damaged: its {} bytes do not state a size.",
                            name_of(format), bytes.size()),
                label);
  }
  const std::string sides = fmt::format("{} by {} pixels", size->width, size->height);
  if (size->width == 0 || size->height == 0) {
    return fail(ErrorCode::InvalidArgument, fmt::format("A picture of {} is empty.", sides), label);
  }
  if (size->width > limits.pixels / size->height) {
    return fail(
        ErrorCode::TooLarge,
        fmt::format("A picture of {} exceeds {} pixels: scale it down.", sides, limits.pixels),
        label);
  }
  const auto [shorter, longer] = std::minmax(size->width, size->height);
  if (longer > limits.aspect * shorter) {
    return fail(
        ErrorCode::InvalidArgument,
        fmt::format("A picture of {} is too long and thin: one side may be at most {} times "
                    "the other; crop it.",
                    sides, limits.aspect),
        label);
  }
  return *size;
}

}  // namespace melete::media
