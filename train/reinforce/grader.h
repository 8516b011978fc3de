// Checks answers by their tasks' verifiers, and outlives a verifier that throws or does not come
// back.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "reinforce/questions.h"

namespace melete::train {

struct Candidate {
  std::shared_ptr<const Question> question;
  std::string answer;  // the whole text, without reasoning
};

// For each candidate 1 if it is right, else 0. Verifiers run on a thread of their own, one after
// the other. Fails, naming the task and the question, with Internal where one throws, and with
// DeadlineExceeded where one takes longer than `deadline`; its thread then runs on until the
// process ends, for nothing can stop it.
Result<std::vector<uint8_t>> grade(std::vector<Candidate> candidates, Duration deadline);

}  // namespace melete::train
