// Sounds as microphones would have them.

#include "data/recording.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace melete::train {
namespace {

constexpr double kTone = 300;  // Hz

Sound tone(size_t samples) {
  Sound sound(samples);
  for (size_t i = 0; i < samples; ++i) {
    sound[i] = static_cast<float>(
        0.5 * std::sin(2 * std::numbers::pi * kTone * static_cast<double>(i) / kSampleRate));
  }
  return sound;
}

// Times that a sound goes from below zero to above it, for each second.
double pitch_of(const Sound& sound) {
  int rises = 0;
  for (size_t i = 1; i < sound.size(); ++i) rises += sound[i - 1] < 0 && sound[i] >= 0 ? 1 : 0;
  return rises * double{kSampleRate} / static_cast<double>(sound.size());
}

TEST(Recording, AnotherPaceKeepsThePitch) {
  const Sound sound = tone(kSampleRate);
  for (const double pace : {0.7, 1.0, 1.5}) {
    const Sound said = paced(sound, pace);
    EXPECT_NEAR(static_cast<double>(said.size()), kSampleRate / pace, 1) << pace;
    EXPECT_NEAR(pitch_of(said), kTone, 15) << pace;
    const float loudest = *std::max_element(said.begin(), said.end());
    EXPECT_NEAR(loudest, 0.5, 0.1) << pace;
  }
}

TEST(Recording, IsNeitherEmptyNorTooLoudNorTheSameTwice) {
  Random random(5);
  for (const size_t samples : {size_t{2}, size_t{900}, size_t{kSampleRate}}) {
    const Sound first = recorded(tone(samples), random);
    const Sound second = recorded(tone(samples), random);
    EXPECT_GE(first.size(), 2U);
    EXPECT_NE(first, second);
    EXPECT_TRUE(std::ranges::all_of(first, [](float x) { return x >= -1 && x <= 1; }));
  }
}

}  // namespace
}  // namespace melete::train
