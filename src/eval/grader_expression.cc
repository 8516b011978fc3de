// Arithmetic that must reach a target with given numbers. The target and the numbers are those of
// the item's answer, which is one solution of many.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include "eval/grader.h"

namespace melete::eval {
namespace {

constexpr int kMostDepth = 64;  // of parentheses

// sum := product (("+" | "-") product)*; product := atom (("*" | "/") atom)*;
// atom := number | "-" atom | "(" sum ")".
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  // The value of the whole text; nothing when it is no arithmetic.
  std::optional<double> read() {
    const double value = sum();
    skip_spaces();
    if (failed_ || !text_.empty() || !std::isfinite(value)) return std::nullopt;
    return value;
  }

  std::vector<double> numbers;  // as they stand

 private:
  void skip_spaces() {
    text_.remove_prefix(std::min(text_.find_first_not_of(" \t"), text_.size()));
  }

  bool take(std::string_view sign) {
    skip_spaces();
    if (!text_.starts_with(sign)) return false;
    text_.remove_prefix(sign.size());
    return true;
  }

  double sum() {
    double value = product();
    while (!failed_) {
      if (take("+")) {
        value += product();
      } else if (take("-")) {
        value -= product();
      } else {
        break;
      }
    }
    return value;
  }

  double product() {
    double value = atom();
    while (!failed_) {
      if (take("*") || take("×")) {
        value *= atom();
      } else if (take("/") || take("÷")) {
        value /= atom();
      } else {
        break;
      }
    }
    return value;
  }

  double atom() {
    if (++depth_ > kMostDepth) failed_ = true;
    double value = 0;
    if (failed_) return value;
    if (take("(")) {
      value = sum();
      failed_ = failed_ || !take(")");
    } else if (take("-")) {
      value = -atom();
    } else {
      const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
      failed_ = error != std::errc();
      text_.remove_prefix(static_cast<size_t>(end - text_.data()));
      numbers.push_back(value);
    }
    --depth_;
    return value;
  }

  std::string_view text_;
  bool failed_ = false;
  int depth_ = 0;
};

}  // namespace

bool grade_expression(const Item& item, std::string_view text) {
  // "45 - 29 + 18 = 34" states the result too.
  const std::string_view line = last_line(text);
  Reader given(line.substr(0, line.find('=')));
  Reader expected(item.answer);
  const auto value = given.read();
  const auto target = expected.read();
  if (!value || !target || std::abs(*value - *target) > 1e-6) return false;
  std::ranges::sort(given.numbers);
  std::ranges::sort(expected.numbers);
  return given.numbers == expected.numbers;
}

}  // namespace melete::eval
