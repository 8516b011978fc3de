// Headers of sounds: the lengths they state, and those that no decoder may see.

#include "media/sound_header.h"

#include <gtest/gtest.h>

#include "media/media_bytes.h"

namespace melete::media {
namespace {

std::string silence(size_t bytes) {
  return std::string(bytes, '\0');
}

TEST(SoundHeader, CountsTheSamplesOfAWav) {
  const Result<SoundLength> mono = check_sound(wav_file({.data = silence(3200)}), "sound");
  ASSERT_TRUE(mono) << mono.error().message;
  EXPECT_EQ(mono->frames, 1600);
  EXPECT_EQ(mono->sample_rate, 16000);

  const Wav stereo{.coding = 3, .channels = 2, .bits = 32, .rate = 48000, .data = silence(800)};
  EXPECT_EQ(check_sound(wav_file(stereo), "sound")->frames, 100);
}

TEST(SoundHeader, AStreamedWavHasWhatIsThere) {
  const Wav streamed{.data = silence(3200), .claimed = 0xFFFFFFFF};
  EXPECT_EQ(check_sound(wav_file(streamed), "sound")->frames, 1600);
}

TEST(SoundHeader, SkipsForeignChunksOfAWav) {
  std::string wav = wav_file({.data = silence(200)});
  wav.insert(12, "LIST" + little_bytes(3, 4) + "abc" + std::string(1, '\0'));
  EXPECT_EQ(check_sound(wav, "sound")->frames, 100);
}

TEST(SoundHeader, ReadsTheLengthOfAFlac) {
  const Result<SoundLength> length = check_sound(flac_header(44100, 88200), "sound");
  ASSERT_TRUE(length) << length.error().message;
  EXPECT_EQ(length->frames, 88200);
  EXPECT_EQ(length->sample_rate, 44100);
}

TEST(SoundHeader, WalksTheFramesOfAnMp3) {
  const std::string tag = "ID3" + std::string("\x04\x00\x00\x00\x00\x01\x00", 7) + silence(128);
  for (const std::string& before : {std::string(), tag}) {
    const Result<SoundLength> length = check_sound(before + mp3_file(10) + "TAG trailing", "sound");
    ASSERT_TRUE(length) << length.error().message;
    EXPECT_EQ(length->frames, 11520);
    EXPECT_EQ(length->sample_rate, 44100);
  }
}

struct Refusal {
  std::string bytes;
  ErrorCode code;
  std::string text;
};

TEST(SoundHeader, RefusesWhatNoDecoderShouldSee) {
  constexpr int64_t kTenMinutes = 600 * 16000;
  const Wav contradicting{.bits = 0, .data = silence(10)};
  const Wav silent{.rate = 0, .data = silence(10)};
  const std::string tag("ID3\x04\0\0\0\0\0\0", 10);
  const std::string hidden = flac_header(16000, 3'000'000'000) + mp3_file(1);
  const Refusal cases[] = {
      {wav_file({}), ErrorCode::InvalidArgument, "0 samples is empty"},
      {wav_file({.data = silence(2)}), ErrorCode::InvalidArgument, "1 samples is empty"},
      {wav_file({.data = silence(2 * kTenMinutes)}), ErrorCode::TooLarge, "600 seconds"},
      {wav_file({.coding = 2, .data = silence(99)}), ErrorCode::Unsupported, "WAV coding 2"},
      {wav_file(contradicting), ErrorCode::InvalidArgument, "damaged"},
      {wav_file(silent), ErrorCode::InvalidArgument, "damaged"},
      {flac_header(16000, kTenMinutes), ErrorCode::TooLarge, "600 seconds"},
      {flac_header(16000, 0), ErrorCode::Unsupported, "does not state its length"},
      {flac_header(16000, 1), ErrorCode::InvalidArgument, "1 samples"},
      {flac_header(0, 100), ErrorCode::InvalidArgument, "damaged"},
      {mp3_file(22970), ErrorCode::TooLarge, "600 seconds"},
      {mp3_file(1).substr(0, 100), ErrorCode::InvalidArgument, "damaged"},
      {tag + hidden, ErrorCode::InvalidArgument, "damaged"},
      {tag + tag + hidden, ErrorCode::InvalidArgument, "damaged"},
      {"hello", ErrorCode::InvalidArgument, "5 bytes that are not"},
      {png_header(1, 1), ErrorCode::InvalidArgument, "are not a WAV"},
  };
  for (const Refusal& c : cases) {
    const Result<SoundLength> length = check_sound(c.bytes, "audio");
    ASSERT_FALSE(length) << c.text;
    EXPECT_EQ(name_of(length.error().code), name_of(c.code)) << length.error().message;
    EXPECT_NE(length.error().message.find(c.text), std::string::npos) << length.error().message;
    EXPECT_EQ(length.error().parameter, "audio");
  }
}

TEST(SoundHeader, EveryCutIsRefusedOrShorter) {
  const std::string sounds[] = {wav_file({.data = silence(64)}), mp3_file(2),
                                flac_header(16000, 100)};
  for (const std::string& sound : sounds) {
    const int64_t whole = check_sound(sound, "sound")->frames;
    for (size_t length = 0; length < sound.size(); ++length) {
      const Result<SoundLength> cut = check_sound(std::string_view(sound).substr(0, length), "s");
      if (cut) {
        EXPECT_LE(cut->frames, whole);
      }
    }
  }
}

}  // namespace
}  // namespace melete::media
