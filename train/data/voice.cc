#include "data/voice.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <memory>

#include "base/check.h"
#include "data/media_file.h"

namespace melete::train {

namespace {

constexpr size_t kWavHeader = 44;
constexpr int kSpeakerRate = 22050;

// Everything that a command writes; empty where it cannot be run.
std::string output_of(const std::string& command) {
  std::string output;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "re"), pclose);
  if (!pipe) return output;
  std::array<char, 4096> piece{};
  while (const size_t count = fread(piece.data(), 1, piece.size(), pipe.get())) {
    output.append(piece.data(), count);
  }
  return output;
}

std::string random_voice(Random& random) {
  constexpr std::array kAccents = {"en-gb",      "en-us",     "en-gb-scotland", "en-029",
                                   "en-gb-x-rp", "en-us-nyc", "en-gb-x-gbclan", "en-gb-x-gbcwmd"};
  constexpr std::array kTimbres = {
      "m1",     "m2",     "m3",      "m4",    "m5",     "m6",      "m7",     "m8",
      "f1",     "f2",     "f3",      "f4",    "f5",     "Alex",    "Andy",   "Annie",
      "adam",   "anika",  "aunty",   "boris", "caleb",  "croak",   "david",  "ed",
      "edward", "Gene",   "grandma", "iven",  "klatt",  "klatt2",  "klatt3", "klatt4",
      "Lee",    "linda",  "Mario",   "max",   "Mike",   "norbert", "paul",   "quincy",
      "rob",    "robert", "shelby",  "steph", "travis", "victor",  "zac"};
  return fmt::format("{}+{}", random.pick(kAccents), random.pick(kTimbres));
}

bool is_plain(const std::string& text) {
  return std::ranges::all_of(text, [](char sign) {
    return sign == ' ' || std::islower(static_cast<uint8_t>(sign)) != 0 ||
           std::isdigit(static_cast<uint8_t>(sign)) != 0;
  });
}

}  // namespace

// A process for each text: espeak-ng's library remembers between calls where its flutter stood, and
// the same seed would not make the same sound.
Result<Sound> say(const std::string& text, Random& random) {
  MELETE_CHECK(is_plain(text), "small letters and digits");
  const std::string voice = random_voice(random);
  const int64_t speed = random.between(110, 230);  // words a minute
  const int64_t pitch = random.between(20, 80);
  const std::string wav = output_of(fmt::format(
      "espeak-ng -v {} -s {} -p {} --stdout '{}' 2>/dev/null", voice, speed, pitch, text));
  if (wav.size() <= kWavHeader) {
    return fail(ErrorCode::Unavailable,
                "espeak-ng does not speak here: install the Debian package espeak-ng.");
  }
  Sound said;
  for (size_t i = kWavHeader; i + 1 < wav.size(); i += 2) {
    const auto low = static_cast<uint8_t>(wav[i]);
    const auto high = static_cast<int8_t>(wav[i + 1]);
    said.push_back(static_cast<float>(high * 256 + low) / 32768);
  }
  return resampled(said, kSpeakerRate, kSampleRate);
}

}  // namespace melete::train
