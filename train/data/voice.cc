#include "data/voice.h"

#include <espeak-ng/speak_lib.h>
#include <fmt/format.h>
#include <sndfile.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <mutex>

namespace melete::train {

namespace {

// espeak-ng has one state for the whole process.
struct Speaker {
  std::mutex busy;
  int rate = 0;  // of what it says; 0 or less: it could not start
  Sound said;
};

Speaker& speaker() {
  static Speaker speaker;
  return speaker;
}

int keep_samples(short* samples, int count, espeak_EVENT* /*events*/) {
  for (int i = 0; i < count; ++i) {
    speaker().said.push_back(static_cast<float>(samples[i]) / 32768);
  }
  return 0;
}

bool start_speaker() {
  if (speaker().rate != 0) return speaker().rate > 0;
  speaker().rate =
      espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, nullptr, espeakINITIALIZE_DONT_EXIT);
  if (speaker().rate <= 0) speaker().rate = -1;
  espeak_SetSynthCallback(keep_samples);
  return speaker().rate > 0;
}

void choose_voice(Random& random) {
  constexpr std::array kAccents = {"en-gb", "en-us", "en-gb-scotland", "en-029", "en-gb-x-rp"};
  constexpr std::array kTimbres = {"m1", "m2", "m3", "m4", "m5", "m6",
                                   "m7", "f1", "f2", "f3", "f4", "f5"};
  const std::string voice = fmt::format("{}+{}", random.pick(kAccents), random.pick(kTimbres));
  espeak_SetVoiceByName(voice.c_str());
  espeak_SetParameter(espeakRATE, static_cast<int>(random.between(110, 230)), 0);
  espeak_SetParameter(espeakPITCH, static_cast<int>(random.between(20, 80)), 0);
  espeak_SetParameter(espeakRANGE, static_cast<int>(random.between(20, 80)), 0);
}

void add_noise(Sound& sound, double loudness, Random& random) {
  for (float& sample : sound) {
    sample += static_cast<float>(random.uniform(-loudness, loudness));
  }
}

void add_echo(Sound& sound, size_t delay, float share) {
  for (size_t i = delay; i < sound.size(); ++i) sound[i] += share * sound[i - delay];
}

}  // namespace

Result<Sound> say(const std::string& text, Random& random) {
  const std::lock_guard lock(speaker().busy);
  if (!start_speaker()) {
    return fail(ErrorCode::Unavailable,
                "espeak-ng cannot start: install its voices (the package espeak-ng-data).");
  }
  choose_voice(random);
  speaker().said.clear();
  espeak_Synth(text.c_str(), text.size() + 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, nullptr,
               nullptr);
  espeak_Synchronize();
  return resampled(speaker().said, speaker().rate, kSampleRate);
}

Result<Sound> read_sound(const std::filesystem::path& file) {
  SF_INFO info{};
  const std::unique_ptr<SNDFILE, int (*)(SNDFILE*)> opened(sf_open(file.c_str(), SFM_READ, &info),
                                                           sf_close);
  std::vector<float> frames;
  if (opened && info.frames > 1) {
    frames.resize(static_cast<size_t>(info.frames) * info.channels);
    frames.resize(sf_readf_float(opened.get(), frames.data(), info.frames) * info.channels);
  }
  if (frames.size() < size_t{2} * info.channels || info.channels == 0) {
    return fail(ErrorCode::Corrupt,
                fmt::format("{} cannot be read as a sound: {}.", file.string(),
                            opened ? "it has no samples" : sf_strerror(nullptr)),
                file.string());
  }
  Sound mono(frames.size() / info.channels);
  for (size_t i = 0; i < frames.size(); ++i) {
    mono[i / info.channels] += frames[i] / static_cast<float>(info.channels);
  }
  return resampled(mono, info.samplerate, kSampleRate);
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

Sound recorded(Sound sound, Random& random) {
  if (random.chance(0.5)) sound = resampled(sound, random.uniform(0.88, 1.12), 1);
  const auto silence = [&] { return static_cast<size_t>(random.between(0, 3000)); };
  sound.insert(sound.begin(), silence(), 0.0F);
  sound.insert(sound.end(), silence() + 400, 0.0F);
  if (random.chance(0.4)) {  // a telephone's band
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
