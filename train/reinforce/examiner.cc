#include "reinforce/examiner.h"

#include <algorithm>
#include <cctype>
#include <memory>
#include <utility>

#include "data/order.h"
#include "reinforce/grader.h"

namespace melete::train {

namespace {

// Whether the answer goes on with reasoning that its prompt has opened.
bool opens_thinking(const Language& language, const Sequence& prompt) {
  constexpr size_t kTail = 8;  // tokens; enough for the tag and what may follow it
  const std::span<const int32_t> tokens = prompt.tokens;
  std::string tail = language.text(tokens.last(std::min(kTail, tokens.size())));
  while (!tail.empty() && std::isspace(static_cast<uint8_t>(tail.back())) != 0) tail.pop_back();
  return tail.ends_with(kThinkingStart);
}

void add(const Examined& examined, AnswerFigures& sums) {
  for (const CheckedAnswer& answer : examined.answers) {
    sums.count += 1;
    sums.right += answer.right ? 1 : 0;
    sums.truncated += answer.rollout.ended ? 0 : 1;
    sums.tokens += static_cast<double>(answer.read.tokens);
    sums.thinking_tokens += static_cast<double>(answer.read.thinking_tokens);
    sums.entropy += answer.rollout.entropy;
  }
}

// Makes means of sums.
void divide_by_count(AnswerFigures& sums) {
  const auto count = static_cast<double>(std::max<int64_t>(1, sums.count));
  for (double* sum :
       {&sums.right, &sums.truncated, &sums.tokens, &sums.thinking_tokens, &sums.entropy}) {
    *sum /= count;
  }
}

}  // namespace

Examiner::Examiner(const Model& model, const Language& language, torch::ScalarType type,
                   ExaminerOptions options)
    : model_(model), language_(language), type_(type), options_(options) {
  if (options.thinking) opening_ = language.tokens(std::string(kThinkingStart));
}

Result<std::vector<Examined>> Examiner::sampled(const QuestionList& questions, int64_t copies,
                                                uint64_t seed) const {
  return ask(questions, copies, seed, Choice::Sampled);
}

Result<std::vector<Examined>> Examiner::likeliest(const QuestionList& questions) const {
  return ask(questions, 1, 0, Choice::Likeliest);
}

Result<std::vector<Rollout>> Examiner::write(std::span<const Prompt> prompts, int64_t copies,
                                             Choice choice) const {
  const SamplerOptions options{
      .end = language_.turn_end(), .most_tokens = options_.most_tokens, .choice = choice};
  if (options_.source) return options_.source->answers(prompts, copies, options);
  return Sampler(model_, type_, options).answers(prompts, copies);
}

Result<std::vector<Examined>> Examiner::ask(const QuestionList& questions, int64_t copies,
                                            uint64_t seed, Choice choice) const {
  std::vector<Prompt> prompts;
  for (const auto& question : questions) {
    Result<Sequence> prompt = language_.question(question->problem.question);
    if (!prompt) return std::unexpected(prompt.error());
    if (!opens_thinking(language_, *prompt)) {  // some templates do so themselves
      prompt->tokens.insert(prompt->tokens.end(), opening_.begin(), opening_.end());
    }
    prompt->taught.resize(prompt->tokens.size(), 0);
    prompts.push_back({std::move(*prompt), scrambled(seed + prompts.size())});
  }
  Result<std::vector<Rollout>> written = write(prompts, copies, choice);
  if (!written) return std::unexpected(written.error());
  std::vector<Rollout>& rollouts = *written;

  std::vector<Examined> examined;
  std::vector<Candidate> candidates;
  for (size_t i = 0; i < rollouts.size(); ++i) {
    const size_t question = i / static_cast<size_t>(copies);
    if (question == examined.size()) {
      examined.push_back({.prompt = std::move(prompts[question].sequence),
                          .difficulty = questions[question]->problem.difficulty,
                          .answers = {}});
    }
    std::vector<int32_t> tokens;
    if (opens_thinking(language_, examined.back().prompt)) {
      tokens = language_.tokens(std::string(kThinkingStart));
    }
    tokens.insert(tokens.end(), rollouts[i].tokens.begin(), rollouts[i].tokens.end());
    Answer read = read_answer(language_, tokens, rollouts[i].ended);
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
  AnswerFigures figures;
  for (const Examined& one : examined) add(one, figures);
  divide_by_count(figures);
  return figures;
}

FiguresByDifficulty figures_by_difficulty(std::span<const Examined> examined) {
  FiguresByDifficulty figures;
  for (const Examined& one : examined) {
    if (one.difficulty != 0) add(one, figures[one.difficulty]);
  }
  for (auto& [difficulty, of_it] : figures) divide_by_count(of_it);
  return figures;
}

}  // namespace melete::train
