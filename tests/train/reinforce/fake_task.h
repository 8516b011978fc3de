// A task whose questions and verifier a test decides.

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "reinforce/questions.h"

namespace melete::train {

class FakeTask final : public Task {
 public:
  using Make = std::function<Problem(Random&)>;
  using Accepts = std::function<bool(const Problem&, std::string_view)>;

  explicit FakeTask(Make make, Accepts accepts = {})
      : make_(std::move(make)), accepts_(std::move(accepts)) {}

  std::string_view name() const override { return "fake"; }
  Problem make(Random& random, int /*difficulty*/) const override { return make_(random); }
  bool accepts(const Problem& problem, std::string_view answer) const override {
    return accepts_ ? accepts_(problem, answer) : Task::accepts(problem, answer);
  }

 private:
  Make make_;
  Accepts accepts_;
};

// "3?" with the answer "3": `kinds` different questions.
inline FakeTask::Make echo(int64_t kinds) {
  return [kinds](Random& random) {
    const std::string number = std::to_string(random.between(0, kinds - 1));
    return Problem{.question = {number + "?"}, .answer = number};
  };
}

inline QuestionSource source_of(std::shared_ptr<const Task> task) {
  auto questions = std::make_shared<TaskSource>(*task, Difficulties{.easiest = 1, .hardest = 1},
                                                TraceShares{}, 7);
  return QuestionSource(std::vector{questions_of(std::move(task), std::move(questions))});
}

}  // namespace melete::train
