// Digits that people wrote, from a file of 8 by 8 grids, on grounds and with pens of many kinds.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <numbers>
#include <string>

#include "data/canvas.h"
#include "data/tasks/tasks.h"

namespace melete::train {
namespace {

constexpr int kSide = 8;
constexpr int kMostInk = 16;

struct Written {
  int digit = 0;
  std::array<int, size_t{kSide} * kSide> ink{};  // 0 to kMostInk, row by row
};

// A label and the grid; nothing for a damaged line.
std::optional<Written> read_row(std::string_view line) {
  std::array<int, 1 + size_t{kSide} * kSide> numbers{};
  for (size_t i = 0; i < numbers.size(); ++i) {
    const auto [end, problem] = std::from_chars(line.data(), line.data() + line.size(), numbers[i]);
    if (problem != std::errc()) return std::nullopt;
    line.remove_prefix(end - line.data());
    if (i + 1 == numbers.size()) break;
    if (!line.starts_with(',')) return std::nullopt;
    line.remove_prefix(1);
  }
  Written written{.digit = numbers[0]};
  std::copy(numbers.begin() + 1, numbers.end(), written.ink.begin());
  const bool in_range =
      written.digit >= 0 && written.digit <= 9 &&
      std::ranges::all_of(written.ink, [](int ink) { return ink >= 0 && ink <= kMostInk; });
  return in_range ? std::optional(written) : std::nullopt;
}

// Ink at a place of the grid, 0 to 1, between its values in a straight line; none outside.
double ink_at(const Written& written, double x, double y) {
  const auto cell = [&](int column, int row) {
    const bool inside = column >= 0 && row >= 0 && column < kSide && row < kSide;
    return inside ? written.ink[static_cast<size_t>(row) * kSide + column] : 0;
  };
  const auto left = static_cast<int>(std::floor(x));
  const auto top = static_cast<int>(std::floor(y));
  const double across = x - left;
  const double down = y - top;
  const double upper = cell(left, top) * (1 - across) + cell(left + 1, top) * across;
  const double lower = cell(left, top + 1) * (1 - across) + cell(left + 1, top + 1) * across;
  return (upper * (1 - down) + lower * down) / kMostInk;
}

// The same digit as if another hand had written it: it leans, is wider or narrower, bent, its pen
// broader or finer. Of few digits a model learns the pictures by heart where each looks the same.
Written rewritten(const Written& written, Random& random) {
  const double width = random.uniform(0.75, 1.25);
  const double height = random.uniform(0.8, 1.2);
  const double lean = random.uniform(-0.35, 0.35);
  const double turn = random.uniform(-0.2, 0.2);
  const double bend = random.uniform(0, 0.6);  // cells to either side
  const double bend_across = random.uniform(0, 2 * std::numbers::pi);
  const double bend_down = random.uniform(0, 2 * std::numbers::pi);
  const double pen = std::exp2(random.uniform(-0.8, 0.8));
  constexpr double kMiddle = (kSide - 1) / 2.0;
  constexpr double kBends = 2 * std::numbers::pi / kSide;  // one wave over the grid
  Written other{.digit = written.digit};
  for (int row = 0; row < kSide; ++row) {
    for (int column = 0; column < kSide; ++column) {
      const double v = (row - kMiddle) / height;
      const double u = (column - kMiddle) / width + lean * v;
      const double x = u * std::cos(turn) - v * std::sin(turn) +
                       bend * std::sin(kBends * v + bend_across) + kMiddle;
      const double y = u * std::sin(turn) + v * std::cos(turn) +
                       bend * std::sin(kBends * u + bend_down) + kMiddle;
      other.ink[static_cast<size_t>(row) * kSide + column] =
          static_cast<int>(std::lround(kMostInk * std::pow(ink_at(written, x, y), pen)));
    }
  }
  return other;
}

uint8_t mixed(double ground, double pen, double ink) {
  return static_cast<uint8_t>(std::lround(255 * (ground + (pen - ground) * ink)));
}

Picture draw(const Written& written, Random& random) {
  const auto side = static_cast<int>(random.between(32, 200));
  const bool as_it_is = random.chance(0.4);                      // the grid is the picture
  const double size = as_it_is ? 1 : random.uniform(0.7, 1.05);  // of the grid over the picture
  const double turn = as_it_is ? 0 : random.uniform(-0.15, 0.15);
  const double shift_x = as_it_is ? 0 : random.uniform(-0.08, 0.08) * kSide;
  const double shift_y = as_it_is ? 0 : random.uniform(-0.08, 0.08) * kSide;
  const bool plain = random.chance(0.5);
  const Colour ground =
      plain ? Colour{0, 0, 0} : Colour{random.unit(), random.unit(), random.unit()};
  const Colour pen = plain ? Colour{1, 1, 1} : contrasting(ground, random);
  const bool inverse = plain && random.chance(0.5);
  const bool blocky = random.chance(as_it_is ? 0.7 : 0.4);  // the grid's squares are seen
  Picture picture{side, side, {}};
  const double middle = (side - 1) / 2.0;
  for (int row = 0; row < side; ++row) {
    for (int column = 0; column < side; ++column) {
      const double u = (column - middle) / side / size * kSide;
      const double v = (row - middle) / side / size * kSide;
      const double x = u * std::cos(turn) - v * std::sin(turn) + (kSide - 1) / 2.0 + shift_x;
      const double y = u * std::sin(turn) + v * std::cos(turn) + (kSide - 1) / 2.0 + shift_y;
      const double ink =
          blocky ? ink_at(written, std::round(x), std::round(y)) : ink_at(written, x, y);
      const double share = inverse ? 1 - ink : ink;
      picture.pixels.push_back(mixed(ground.red, pen.red, share));
      picture.pixels.push_back(mixed(ground.green, pen.green, share));
      picture.pixels.push_back(mixed(ground.blue, pen.blue, share));
    }
  }
  return picture;
}

class WrittenDigit final : public Task {
 public:
  explicit WrittenDigit(std::vector<Written> all) : all_(std::move(all)) {}

  std::string_view name() const override { return "written_digit"; }

  Problem make(Random& random, int /*difficulty*/) const override {
    const Written& known = random.pick(all_);
    const Written written = random.chance(0.85) ? rewritten(known, random) : known;
    constexpr std::array kWordings = {"Which digit is written?", "Which digit is this?",
                                      "What digit do you see?", "Read the digit in the picture.",
                                      "What number is written here?"};
    return {.question = {draw(written, random), std::string(random.pick(kWordings))},
            .answer = std::to_string(written.digit)};
  }

 private:
  std::vector<Written> all_;
};

}  // namespace

Result<std::unique_ptr<Task>> make_written_digit(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line)) {
    return fail(ErrorCode::NotFound,
                fmt::format("{} cannot be read: give a CSV file of digits.", file.string()),
                "data.handwritten_digits");
  }
  std::vector<Written> all;
  for (int number = 2; std::getline(in, line); ++number) {
    const std::optional<Written> written = read_row(line);
    if (!written) {
      return fail(ErrorCode::Corrupt,
                  fmt::format("{}:{} is not a digit and 64 numbers of 0 to {}: mend or remove the "
                              "line.",
                              file.string(), number, kMostInk),
                  "data.handwritten_digits");
    }
    all.push_back(*written);
  }
  if (all.empty()) {
    return fail(ErrorCode::Corrupt, fmt::format("{} has no digits.", file.string()),
                "data.handwritten_digits");
  }
  return std::make_unique<WrittenDigit>(std::move(all));
}

}  // namespace melete::train
