#include "data/recording.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <utility>

#include "data/media_file.h"

namespace melete::train {

namespace {

void add_noise(Sound& sound, double loudness, Random& random) {
  for (float& sample : sound) {
    sample += static_cast<float>(random.uniform(-loudness, loudness));
  }
}

// A recording that began a little too late and ended too early.
void cut_ends(Sound& sound, Random& random) {
  const auto most = std::min<int64_t>(1000, std::ssize(sound) / 8);
  sound.erase(sound.end() - random.between(0, most), sound.end());
  sound.erase(sound.begin(), sound.begin() + random.between(0, most));
}

void add_echo(Sound& sound, size_t delay, float share) {
  for (size_t i = delay; i < sound.size(); ++i) sound[i] += share * sound[i - delay];
}

// A microphone that favours low tones (`tilt` above 0) or high ones (below 0).
void colour(Sound& sound, float tilt) {
  constexpr float kMemory = 0.8F;  // of a low pass near 600 Hz
  float low = 0;
  for (float& sample : sound) {
    low = kMemory * low + (1 - kMemory) * sample;
    sample += tilt * (tilt > 0 ? low * 3 : low);
  }
}

// A room and a loudspeaker: some tones louder by up to 12 dB, others quieter. A peaking filter of
// the Audio EQ Cookbook (R. Bristow-Johnson).
void favour(Sound& sound, double tone, double decibels, double quality) {
  const double angle = 2 * std::numbers::pi * tone / kSampleRate;
  const double reach = std::sin(angle) / (2 * quality);
  const double gain = std::pow(10, decibels / 40);
  const double scale = 1 + reach / gain;
  const double middle = -2 * std::cos(angle) / scale;
  const double in_0 = (1 + reach * gain) / scale;
  const double in_2 = (1 - reach * gain) / scale;
  const double out_2 = (1 - reach / gain) / scale;
  double x1 = 0;  // what came in and went out one and two samples before
  double x2 = 0;
  double y1 = 0;
  double y2 = 0;
  for (float& sample : sound) {
    const double x = sample;
    const double y = in_0 * x + middle * x1 + in_2 * x2 - middle * y1 - out_2 * y2;
    x2 = std::exchange(x1, x);
    y2 = std::exchange(y1, y);
    sample = static_cast<float>(y);
  }
}

// A microphone that is spoken into too loudly.
void press(Sound& sound, float drive) {
  for (float& sample : sound) sample = std::tanh(drive * sample) / drive;
}

}  // namespace

Sound paced(const Sound& sound, double pace) {
  constexpr int64_t kHalf = 200;  // of a window
  constexpr int64_t kReach = 80;  // of the search, to either side
  const auto count = static_cast<int64_t>(std::ssize(sound) / pace);
  Sound said(count + 2 * kHalf, 0.0F);
  const auto sample = [&](int64_t place) {
    return place >= 0 && place < std::ssize(sound) ? sound[place] : 0.0F;
  };
  int64_t next = 0;  // where the window before would go on
  for (int64_t start = 0; start < count; start += kHalf) {
    const auto wanted = static_cast<int64_t>(static_cast<double>(start) * pace);
    int64_t best = wanted;
    float most = -1;
    for (int64_t place = wanted - kReach; start > 0 && place <= wanted + kReach; place += 2) {
      float likeness = 0;
      for (int64_t i = 0; i < kHalf; i += 2) likeness += sample(place + i) * sample(next + i);
      if (likeness > most) {
        most = likeness;
        best = place;
      }
    }
    for (int64_t i = 0; i < 2 * kHalf; ++i) {
      const double angle = std::numbers::pi * (static_cast<double>(i) + 0.5) / kHalf;
      said[start + i] += sample(best + i) * static_cast<float>(0.5 - 0.5 * std::cos(angle));
    }
    next = best + kHalf;
  }
  said.resize(count);
  return said;
}

Sound recorded(Sound sound, Random& random) {
  // Another length of throat, then another tempo.
  if (random.chance(0.7)) sound = resampled(sound, random.uniform(0.8, 1.25), 1);
  if (random.chance(0.5)) sound = paced(sound, random.uniform(0.7, 1.5));
  if (random.chance(0.3)) cut_ends(sound, random);
  const auto silence = [&] { return static_cast<size_t>(random.between(0, 3000)); };
  sound.insert(sound.begin(), silence(), 0.0F);
  sound.insert(sound.end(), silence() + 400, 0.0F);
  if (random.chance(0.5)) colour(sound, static_cast<float>(random.uniform(-0.9, 1)));
  if (random.chance(0.6)) {
    for (int64_t i = random.between(1, 3); i > 0; --i) {
      favour(sound, 150 * std::pow(2, random.uniform(0, 5)), random.uniform(-12, 12),
             random.uniform(0.5, 2));
    }
  }
  // That of the microphone, which a narrow band limits too; the last is that of the line.
  if (random.chance(0.4)) add_noise(sound, std::pow(10, random.uniform(-4, -2)), random);
  if (random.chance(0.15)) press(sound, static_cast<float>(random.uniform(1, 8)));
  if (random.chance(0.5)) {  // a telephone's band
    sound = resampled(resampled(sound, kSampleRate, 8000), 8000, kSampleRate);
  }
  if (random.chance(0.3)) {
    const auto delay = static_cast<size_t>(random.between(200, 1600));
    add_echo(sound, delay, static_cast<float>(random.uniform(0.1, 0.4)));
  }
  const float loudest = std::max(
      1e-4F, std::abs(*std::ranges::max_element(sound, {}, [](float x) { return std::abs(x); })));
  const auto gain = static_cast<float>(random.uniform(0.1, 0.9)) / loudest;
  for (float& sample : sound) sample *= gain;
  if (random.chance(0.6)) add_noise(sound, std::pow(10, random.uniform(-4, -1.7)), random);
  for (float& sample : sound) sample = std::clamp(sample, -1.0F, 1.0F);
  return sound;
}

}  // namespace melete::train
