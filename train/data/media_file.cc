#include "data/media_file.h"

#include <cairo.h>
#include <fmt/format.h>
#include <sndfile.h>
#include <stb/stb_image.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace melete::train {

namespace {

constexpr int64_t kMostPixels = 64'000'000;
constexpr int64_t kMostSamples = 64'000'000;

std::unexpected<Error> unreadable(const std::filesystem::path& file, std::string_view what,
                                  std::string_view why) {
  return fail(ErrorCode::Corrupt,
              fmt::format("{} cannot be read as a {}: {}.", file.string(), what, why),
              file.string());
}

std::unexpected<Error> unwritable(const std::filesystem::path& file) {
  return fail(ErrorCode::StorageFull,
              fmt::format("{} cannot be written: make room on the disk, or choose another folder.",
                          file.string()),
              file.string());
}

using SoundFile = std::unique_ptr<SNDFILE, int (*)(SNDFILE*)>;

}  // namespace

Result<Picture> read_picture(const std::filesystem::path& file) {
  int width = 0;
  int height = 0;
  int channels = 0;
  const std::string name = file.string();
  if (stbi_info(name.c_str(), &width, &height, &channels) == 0) {
    return unreadable(file, "picture", stbi_failure_reason());
  }
  if (int64_t{width} * height > kMostPixels) {
    return unreadable(file, "picture", fmt::format("it has more than {} pixels", kMostPixels));
  }
  const std::unique_ptr<stbi_uc, void (*)(void*)> pixels(
      stbi_load(name.c_str(), &width, &height, &channels, 3), stbi_image_free);
  if (!pixels) return unreadable(file, "picture", stbi_failure_reason());
  return Picture{width, height, {pixels.get(), pixels.get() + size_t{3} * width * height}};
}

Result<Sound> read_sound(const std::filesystem::path& file) {
  SF_INFO info{};
  const SoundFile opened(sf_open(file.c_str(), SFM_READ, &info), sf_close);
  if (!opened) return unreadable(file, "sound", sf_strerror(nullptr));
  if (info.frames > kMostSamples / info.channels) {
    return unreadable(file, "sound", fmt::format("it has more than {} samples", kMostSamples));
  }
  std::vector<float> frames(static_cast<size_t>(info.frames) * info.channels);
  frames.resize(sf_readf_float(opened.get(), frames.data(), info.frames) * info.channels);
  Sound mono(frames.size() / info.channels);
  for (size_t i = 0; i < frames.size(); ++i) {
    mono[i / info.channels] += frames[i] / static_cast<float>(info.channels);
  }
  Sound sound = resampled(mono, info.samplerate, kSampleRate);
  if (sound.size() < 2) return unreadable(file, "sound", "it has no samples");
  return sound;
}

Sound resampled(const Sound& sound, double from, double to) {
  if (sound.empty() || from == to) return sound;
  Sound result(static_cast<size_t>(static_cast<double>(sound.size()) * to / from));
  for (size_t i = 0; i < result.size(); ++i) {
    const double place = static_cast<double>(i) * from / to;
    const auto before = static_cast<size_t>(place);
    const auto share = static_cast<float>(place - static_cast<double>(before));
    const float next = sound[std::min(before + 1, sound.size() - 1)];
    result[i] = sound[before] + share * (next - sound[before]);
  }
  return result;
}

Result<void> write_picture(const std::filesystem::path& file, const Picture& picture) {
  const std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)> surface(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, picture.width, picture.height),
      cairo_surface_destroy);
  unsigned char* data = cairo_image_surface_get_data(surface.get());
  const int stride = cairo_image_surface_get_stride(surface.get());
  if (data == nullptr) return unwritable(file);
  const uint8_t* pixel = picture.pixels.data();
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x, pixel += 3) {
      const uint32_t colour = uint32_t{pixel[0]} << 16 | uint32_t{pixel[1]} << 8 | pixel[2];
      std::memcpy(data + static_cast<size_t>(y) * stride + size_t{4} * x, &colour, 4);
    }
  }
  cairo_surface_mark_dirty(surface.get());
  const cairo_status_t status = cairo_surface_write_to_png(surface.get(), file.c_str());
  if (status != CAIRO_STATUS_SUCCESS) return unwritable(file);
  return {};
}

Result<void> write_sound(const std::filesystem::path& file, const Sound& sound) {
  SF_INFO info{.frames = 0,
               .samplerate = kSampleRate,
               .channels = 1,
               .format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
               .sections = 0,
               .seekable = 0};
  const SoundFile opened(sf_open(file.c_str(), SFM_WRITE, &info), sf_close);
  const auto count = static_cast<sf_count_t>(sound.size());
  if (!opened || sf_writef_float(opened.get(), sound.data(), count) != count) {
    return unwritable(file);
  }
  return {};
}

}  // namespace melete::train
