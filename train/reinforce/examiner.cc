#include "reinforce/examiner.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "data/order.h"
#include "reinforce/grader.h"

namespace melete::train {

Examiner::Examiner(const Model& model, const QuestionSource& source, torch::ScalarType type,
                   ExaminerOptions options)
    : model_(model),
      source_(source),
      type_(type),
      options_(options),
      writer_(media_shape(model.config())) {}

Result<std::vector<Examined>> Examiner::sampled(std::span<const uint64_t> numbers, int64_t copies,
                                                uint64_t seed) const {
  return ask(numbers, copies, seed, Choice::Sampled);
}

Result<AnswerFigures> Examiner::measure(std::span<const uint64_t> numbers) const {
  const Result<std::vector<Examined>> examined = ask(numbers, 1, 0, Choice::Likeliest);
  if (!examined) return std::unexpected(examined.error());
  return figures_of(*examined);
}

Result<std::vector<Examined>> Examiner::ask(std::span<const uint64_t> numbers, int64_t copies,
                                            uint64_t seed, Choice choice) const {
  std::vector<std::shared_ptr<const Question>> questions;
  std::vector<Prompt> prompts;
  for (const uint64_t number : numbers) {
    questions.push_back(std::make_shared<Question>(source_.question(number)));
    prompts.push_back(
        {writer_.question(questions.back()->problem.question), scrambled(seed + prompts.size())});
  }
  const Sampler sampler(model_, type_, {.most_tokens = options_.most_tokens, .choice = choice});
  std::vector<Rollout> rollouts = sampler.answers(prompts, copies);

  std::vector<Examined> examined;
  std::vector<Candidate> candidates;
  for (size_t i = 0; i < rollouts.size(); ++i) {
    const size_t question = i / static_cast<size_t>(copies);
    if (question == examined.size()) {
      examined.push_back({std::move(prompts[question].sequence), {}});
    }
    Answer read = read_answer(tokenizer_, rollouts[i].tokens, rollouts[i].ended);
    candidates.push_back({questions[question], read.text});
    examined.back().answers.push_back({std::move(rollouts[i]), std::move(read)});
  }
  const Result<std::vector<uint8_t>> right =
      grade(std::move(candidates), options_.verifier_deadline);
  if (!right) return std::unexpected(right.error());
  for (size_t i = 0; i < right->size(); ++i) {
    CheckedAnswer& answer = examined[i / static_cast<size_t>(copies)].answers[i % copies];
    answer.right = (*right)[i] != 0 && answer.read.complete;
  }
  return examined;
}

AnswerFigures figures_of(std::span<const Examined> examined) {
  AnswerFigures sums;
  for (const Examined& one : examined) {
    for (const CheckedAnswer& answer : one.answers) {
      sums.count += 1;
      sums.right += answer.right ? 1 : 0;
      sums.truncated += answer.rollout.ended ? 0 : 1;
      sums.tokens += static_cast<double>(answer.read.tokens);
      sums.thinking_tokens += static_cast<double>(answer.read.thinking_tokens);
      sums.entropy += answer.rollout.entropy;
    }
  }
  const auto count = static_cast<double>(std::max<int64_t>(1, sums.count));
  for (double* sum :
       {&sums.right, &sums.truncated, &sums.tokens, &sums.thinking_tokens, &sums.entropy}) {
    *sum /= count;
  }
  return sums;
}

}  // namespace melete::train
