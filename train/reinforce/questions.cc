#include "reinforce/questions.h"

#include <fmt/format.h>

#include <unordered_map>
#include <utility>

#include "corpus/fingerprint.h"
#include "reinforce/grader.h"

namespace melete::train {

namespace {

std::vector<double> weights_of(const std::vector<QuestionKind>& kinds) {
  std::vector<double> weights;
  weights.reserve(kinds.size());
  for (const QuestionKind& kind : kinds) weights.push_back(kind.weight);
  return weights;
}

uint64_t identity_of(const Problem& problem) {
  return fingerprint_of({Turn{Speaker::User, problem.question, {}}}).whole;
}

// The answer of the question that came first has to be right for this one too.
Result<void> check(const Question& question, const std::string& answer, Duration deadline) {
  const Result<std::vector<uint8_t>> right =
      grade({{std::make_shared<Question>(question), answer}}, deadline);
  if (!right) return std::unexpected(right.error());
  if (right->front() != 0) return {};
  const std::string task(question.verifier->name());
  return fail(ErrorCode::Conflict,
              fmt::format("The task {} contradicts itself: it takes \"{}\" for wrong, which is its "
                          "own answer to \"{}\". Mend the task or leave it out.",
                          task, answer, text_of(question)),
              "tasks." + task);
}

std::unexpected<Error> too_few(const QuestionCounts& counts, size_t found) {
  return fail(ErrorCode::InvalidArgument,
              fmt::format("The tasks have only {} different questions, but {} are held out and a "
                          "step asks {}: hold fewer out, ask fewer, or take more or harder tasks.",
                          found, counts.held_out, counts.least),
              "questions.pool");
}

}  // namespace

std::string text_of(const Question& question) {
  constexpr size_t kMost = 200;
  return text_of(Turn{Speaker::User, question.problem.question, {}}).substr(0, kMost);
}

QuestionKind questions_of(std::shared_ptr<const Task> task,
                          std::shared_ptr<const TaskSource> source, double weight) {
  std::string name(task->name());
  return {.name = std::move(name),
          .draw = [task = std::move(task), source = std::move(source)](
                      uint64_t index) { return Question{task, source->draw(index).problem}; },
          .weight = weight};
}

QuestionKind questions_of(std::string name, QuestionList list, uint64_t seed, double weight) {
  const auto shared = std::make_shared<const QuestionList>(std::move(list));
  return {.name = std::move(name),
          .draw = [shared, seed](
                      uint64_t index) { return *(*shared)[shuffled(index, shared->size(), seed)]; },
          .weight = weight};
}

QuestionSource::QuestionSource(std::vector<QuestionKind> kinds)
    : kinds_(std::move(kinds)), order_(weights_of(kinds_)) {}

Question QuestionSource::question(uint64_t number) const {
  const Interleaving::Place place = order_.at(number);
  return kinds_[place.source].draw(place.index);
}

QuestionList QuestionSource::questions(std::span<const uint64_t> numbers) const {
  QuestionList list;
  list.reserve(numbers.size());
  for (const uint64_t number : numbers) {
    list.push_back(std::make_shared<Question>(question(number)));
  }
  return list;
}

Result<QuestionSplit> split_questions(const QuestionSource& source, const QuestionCounts& counts,
                                      Duration verifier_deadline) {
  constexpr int kMostOldInARow = 1000;
  const auto wanted = static_cast<size_t>(counts.held_out + counts.pool);
  std::unordered_map<uint64_t, std::string> answers;  // by question
  QuestionSplit split;
  int old = 0;
  for (uint64_t number = 0; answers.size() < wanted && old < kMostOldInARow; ++number) {
    const Question question = source.question(number);
    const std::string answer = example_of(question.problem, Trace::None).answer;
    const auto [known, fresh] = answers.try_emplace(identity_of(question.problem), answer);
    if (fresh || known->second != answer) {
      const Result<void> checked = check(question, known->second, verifier_deadline);
      if (!checked) return std::unexpected(checked.error());
    }
    old = fresh ? 0 : old + 1;
    if (!fresh) continue;
    const bool held = std::ssize(split.held_out) < counts.held_out;
    (held ? split.held_out : split.pool).push_back(number);
  }
  if (std::ssize(split.pool) < counts.least) return too_few(counts, answers.size());
  return split;
}

}  // namespace melete::train
