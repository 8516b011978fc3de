#include "data/tasks/expression.h"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace melete::train {

namespace {

constexpr size_t kMostLetters = 100;
constexpr size_t kMostDigits = 6;
constexpr int64_t kLargest = 1'000'000'000;  // of numerators and denominators: products fit

std::optional<Fraction> reduced(int64_t numerator, int64_t denominator) {
  if (denominator == 0) return std::nullopt;
  const int64_t divisor = std::gcd(numerator, denominator) * (denominator < 0 ? -1 : 1);
  const Fraction fraction{numerator / divisor, denominator / divisor};
  if (std::abs(fraction.numerator) > kLargest || fraction.denominator > kLargest) {
    return std::nullopt;
  }
  return fraction;
}

std::optional<Fraction> combine(const Fraction& a, char operation, const Fraction& b) {
  switch (operation) {
    case '+':
      return reduced(a.numerator * b.denominator + b.numerator * a.denominator,
                     a.denominator * b.denominator);
    case '-':
      return reduced(a.numerator * b.denominator - b.numerator * a.denominator,
                     a.denominator * b.denominator);
    case '*':
      return reduced(a.numerator * b.numerator, a.denominator * b.denominator);
    default:
      return reduced(a.numerator * b.denominator, a.denominator * b.numerator);
  }
}

// Recursive descent: sum = product {+- product}, product = atom {*/ atom}, atom = number or (sum).
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::optional<Evaluated> read() {
    const std::optional<Fraction> value = sum();
    if (!value || peek() != '\0') return std::nullopt;
    std::ranges::sort(numbers_);
    return Evaluated{*value, numbers_};
  }

 private:
  char peek() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
    return rest_.empty() ? '\0' : rest_.front();
  }

  std::optional<Fraction> sum() {
    std::optional<Fraction> value = product();
    while (value && (peek() == '+' || peek() == '-')) value = with_next(*value, &Reader::product);
    return value;
  }

  std::optional<Fraction> product() {
    std::optional<Fraction> value = atom();
    while (value && (peek() == '*' || peek() == '/')) value = with_next(*value, &Reader::atom);
    return value;
  }

  std::optional<Fraction> with_next(const Fraction& value,
                                    std::optional<Fraction> (Reader::*next)()) {
    const char operation = peek();
    rest_.remove_prefix(1);
    const std::optional<Fraction> operand = (this->*next)();
    if (!operand) return std::nullopt;
    return combine(value, operation, *operand);
  }

  std::optional<Fraction> atom() {
    if (peek() == '(') {
      rest_.remove_prefix(1);
      const std::optional<Fraction> value = sum();
      if (peek() != ')') return std::nullopt;
      rest_.remove_prefix(1);
      return value;
    }
    size_t digits = 0;
    int64_t number = 0;
    for (; digits < rest_.size() && std::isdigit(static_cast<uint8_t>(rest_[digits])); ++digits) {
      if (digits == kMostDigits) return std::nullopt;
      number = number * 10 + (rest_[digits] - '0');
    }
    if (digits == 0) return std::nullopt;
    rest_.remove_prefix(digits);
    numbers_.push_back(number);
    return Fraction{number, 1};
  }

  std::string_view rest_;
  std::vector<int64_t> numbers_;
};

}  // namespace

std::optional<Evaluated> evaluate(std::string_view text) {
  if (text.size() > kMostLetters) return std::nullopt;
  return Reader(text).read();
}

}  // namespace melete::train
