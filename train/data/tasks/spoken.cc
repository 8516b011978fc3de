// Digits that are spoken, by people or by espeak-ng: which one it is, and sums of several.

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <sstream>

#include "base/check.h"
#include "data/media_file.h"
#include "data/recording.h"
#include "data/tasks/tasks.h"
#include "data/voice.h"

namespace melete::train {
namespace {

constexpr std::array<const char*, 10> kDigits = {"zero", "one", "two",   "three", "four",
                                                 "five", "six", "seven", "eight", "nine"};

// Clips of people by digit; empty without a folder.
using Clips = std::array<std::vector<Sound>, kDigits.size()>;

Error damaged_index(const std::filesystem::path& index, int line) {
  return {ErrorCode::Corrupt,
          fmt::format("{}:{} is not a file name and a digit: mend or remove the line.",
                      index.string(), line),
          "data.spoken_digits"};
}

Result<Clips> read_clips(const std::filesystem::path& folder) {
  Clips clips;
  if (folder.empty()) return clips;
  const std::filesystem::path index = folder / "index.csv";
  std::ifstream in(index);
  std::string line;
  if (!std::getline(in, line)) {
    return fail(
        ErrorCode::NotFound,
        fmt::format("{} cannot be read: give a folder of clips with that file.", index.string()),
        "data.spoken_digits");
  }
  for (int number = 2; std::getline(in, line); ++number) {
    std::istringstream fields(line);
    std::string file;
    std::string digit;
    std::getline(fields, file, ',');
    std::getline(fields, digit, ',');
    if (file.empty() || digit.size() != 1 || digit[0] < '0' || digit[0] > '9') {
      return std::unexpected(damaged_index(index, number));
    }
    Result<Sound> sound = read_sound(folder / file);
    if (!sound) return std::unexpected(sound.error());
    clips[digit[0] - '0'].push_back(std::move(*sound));
  }
  return clips;
}

// One digit in a person's or a made voice. The voices were tried when the task was made.
Sound spoken(int64_t digit, const Clips& clips, Random& random) {
  const std::vector<Sound>& people = clips[digit];
  if (!people.empty() && random.chance(0.5)) return random.pick(people);
  const Result<Sound> said = say(kDigits[digit], random);
  MELETE_CHECK(said.has_value(), "espeak-ng can speak");
  return *said;
}

class SpokenDigit final : public Task {
 public:
  explicit SpokenDigit(Clips clips) : clips_(std::move(clips)) {}

  std::string_view name() const override { return "spoken_digit"; }

  Problem make(Random& random, int /*difficulty*/) const override {
    const int64_t digit = random.between(0, 9);
    constexpr std::array kWordings = {"Which digit is spoken?", "Which digit do you hear?",
                                      "What digit is said?", "What number is spoken?"};
    Problem problem{.question = {recorded(spoken(digit, clips_, random), random),
                                 std::string(random.pick(kWordings))},
                    .answer = std::to_string(digit)};
    if (random.chance(0.3)) std::swap(problem.question[0], problem.question[1]);
    return problem;
  }

 private:
  Clips clips_;
};

class SpokenSum final : public Task {
 public:
  explicit SpokenSum(Clips clips) : clips_(std::move(clips)) {}

  std::string_view name() const override { return "spoken_sum"; }

  Problem make(Random& random, int difficulty) const override {
    const int64_t count = random.between(2, 2 + difficulty / 4);
    Sound sound;
    int64_t sum = 0;
    Problem problem;
    for (int64_t i = 0; i < count; ++i) {
      const int64_t digit = random.between(0, 9);
      const Sound word = spoken(digit, clips_, random);
      if (i > 0) sound.insert(sound.end(), random.between(1000, 6000), 0.0F);
      sound.insert(sound.end(), word.begin(), word.end());
      sum += digit;
      problem.short_trace += fmt::format("{}{}", i == 0 ? "" : " + ", digit);
      problem.long_trace += fmt::format("{} spoken, sum {}\n", digit, sum);
    }
    problem.short_trace += fmt::format(" = {}", sum);
    problem.long_trace += fmt::format("{} digits, sum {}", count, sum);
    constexpr std::array kWordings = {
        "What is the sum of the spoken digits?", "What is the sum of the digits you hear?",
        "Add all spoken digits.", "How much do the digits make together?"};
    problem.question = {recorded(std::move(sound), random), std::string(random.pick(kWordings))};
    if (random.chance(0.3)) std::swap(problem.question[0], problem.question[1]);
    problem.answer = std::to_string(sum);
    return problem;
  }

 private:
  Clips clips_;
};

template <typename Spoken>
Result<std::unique_ptr<Task>> make_spoken(const std::filesystem::path& folder) {
  Random random(1);
  const Result<Sound> tried = say(kDigits[0], random);
  if (!tried) return std::unexpected(tried.error());
  Result<Clips> clips = read_clips(folder);
  if (!clips) return std::unexpected(clips.error());
  return std::make_unique<Spoken>(std::move(*clips));
}

}  // namespace

Result<std::unique_ptr<Task>> make_spoken_digit(const std::filesystem::path& clips) {
  return make_spoken<SpokenDigit>(clips);
}

Result<std::unique_ptr<Task>> make_spoken_sum(const std::filesystem::path& clips) {
  return make_spoken<SpokenSum>(clips);
}

}  // namespace melete::train
