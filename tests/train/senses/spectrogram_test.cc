// What a model hears of simple sounds.

#include "senses/spectrogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace melete::train {
namespace {

Sound tone(double hertz, size_t samples, double loudness = 0.5) {
  Sound sound(samples);
  for (size_t i = 0; i < samples; ++i) {
    const double angle = 2 * std::numbers::pi * hertz * static_cast<double>(i) / kSampleRate;
    sound[i] = static_cast<float>(loudness * std::sin(angle));
  }
  return sound;
}

int loudest_band(const Spectrogram& mel, int frame) {
  int best = 0;
  const auto at = [&](int band) { return mel.values[size_t{kChunkFrames} * band + frame]; };
  for (int band = 1; band < mel.bands; ++band) {
    if (at(band) > at(best)) best = band;
  }
  return best;
}

TEST(LogMel, HigherTonesAreInHigherBands) {
  const LogMel log_mel(64);
  int last = -1;
  for (const double hertz : {200.0, 600.0, 1500.0, 4000.0, 7000.0}) {
    const int band = loudest_band(log_mel(tone(hertz, 8000)), 20);
    EXPECT_GT(band, last) << hertz;
    last = band;
  }
}

TEST(LogMel, SecondsBegunAreChunks) {
  EXPECT_EQ(chunk_count(2), 1);
  EXPECT_EQ(chunk_count(15839), 1);
  EXPECT_EQ(chunk_count(15840), 1) << "100 frames";
  EXPECT_EQ(chunk_count(16000), 2) << "101 frames";
  const Spectrogram mel = LogMel(64)(tone(440, 16000));
  EXPECT_EQ(mel.chunks, 2);
  EXPECT_EQ(mel.values.size(), size_t{2} * 64 * kChunkFrames);
  EXPECT_EQ(mel.values.back(), 0) << "filled up";
}

TEST(LogMel, KeepsEightDecadesBelowTheLoudest) {
  Sound sound = tone(1000, 15000);
  std::fill(sound.begin() + 8000, sound.end(), 0.0F);
  const Spectrogram mel = LogMel(64)(sound);
  const auto [low, high] = std::ranges::minmax(mel.values);
  EXPECT_LE(high - low, 2.0F + 1e-6F) << "a decade is a quarter";
}

TEST(LogMel, ALouderSoundDiffersByItsDecades) {
  const LogMel log_mel(64);
  const float quiet = std::ranges::max(log_mel(tone(1000, 8000, 0.05)).values);
  const float loud = std::ranges::max(log_mel(tone(1000, 8000, 0.5)).values);
  EXPECT_NEAR(loud - quiet, 0.5, 1e-3) << "ten times the amplitude is two decades of power";
}

TEST(LogMel, TwoSamplesAreEnough) {
  const Spectrogram mel = LogMel(64)(Sound{0.1F, -0.1F});
  EXPECT_EQ(mel.chunks, 1);
  EXPECT_TRUE(std::ranges::all_of(mel.values, [](float value) { return std::isfinite(value); }));
}

}  // namespace
}  // namespace melete::train
