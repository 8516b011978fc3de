// Carries out a caller's check (chat/verifier.h) on an agent's answer.

#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "chat/request.h"
#include "modes/answer.h"

namespace melete::modes {

// Thread-safe: it is never changed. Copies share their compiled pattern.
class Verification {
 public:
  // The check of `request`, which has one; InvalidArgument naming `verify` where it cannot be
  // carried out: a pattern that Pattern::make() refuses, no schema to fit, a negative tolerance.
  static Result<Verification> make(const chat::Request& request);

  // `answer` is what extract_answer() found in `text`. Where the value asked for is a number, the
  // answer is read as one, whatever the question seemed to ask for.
  bool passes(std::string_view text, const std::optional<Answer>& answer) const;

 private:
  struct Check;
  explicit Verification(std::shared_ptr<const Check> check) : check_(std::move(check)) {}

  std::shared_ptr<const Check> check_;
};

}  // namespace melete::modes
