#include "commands/examination.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <utility>

#include "commands/question_kinds.h"
#include "commands/run_setup.h"
#include "models/partial_file.h"
#include "reinforce/examiner.h"

namespace melete::train {

namespace {

constexpr int64_t kAtOnce = 50;  // questions between two lines of progress

// What is collected while subject after subject is asked.
struct Results {
  std::vector<SubjectFigures> figures;
  std::string answers;  // lines of JSON
};

Json to_json(const std::string& subject, const Question& question, const CheckedAnswer& answer) {
  Json line = {{"subject", subject},
               {"question", text_of(question)},
               {"expected", question.problem.answer},
               {"answer", answer.read.text},
               {"right", answer.right},
               {"tokens", answer.read.tokens},
               {"thinking_tokens", answer.read.thinking_tokens}};
  if (question.problem.difficulty != 0) line["difficulty"] = question.problem.difficulty;
  return line;
}

// Wilson's interval of a share, 95 %.
std::pair<double, double> interval(double share, double count) {
  constexpr double kWidth = 1.959964;
  const double square = kWidth * kWidth / count;
  const double middle = (share + square / 2) / (1 + square);
  const double reach =
      kWidth / (1 + square) * std::sqrt(share * (1 - share) / count + square / count / 4);
  return {middle - reach, middle + reach};
}

Result<void> ask(const Examiner& examiner, const std::string& subject,
                 const QuestionList& questions, const Teller& tell, Results& results) {
  std::vector<Examined> examined;
  const int64_t count = std::ssize(questions);
  for (int64_t first = 0; first < count; first += kAtOnce) {
    tell(fmt::format("{}: {} of {}", subject, first, count));
    const auto begin = questions.begin() + first;
    Result<std::vector<Examined>> some =
        examiner.likeliest({begin, begin + std::min(kAtOnce, count - first)});
    if (!some) return std::unexpected(some.error());
    std::ranges::move(*some, std::back_inserter(examined));
  }
  for (int64_t i = 0; i < count; ++i) {
    const Json line = to_json(subject, *questions[i], examined[i].answers.front());
    results.answers += write_json(line) + "\n";
  }
  results.figures.push_back({subject, figures_of(examined)});
  return {};
}

Result<void> ask_everything(const ExamineConfig& config, const Examiner& examiner,
                            const Teller& tell, Results& results) {
  for (const auto& [name, file] : config.sources.files) {
    const Result<QuestionList> questions =
        questions_of(name, file,
                     {.seed = config.seed,
                      .most = config.questions,
                      .deadline = seconds(config.verifier_deadline)});
    if (!questions) return std::unexpected(questions.error());
    if (Result<void> asked = ask(examiner, name, *questions, tell, results); !asked) return asked;
  }
  const Result<std::vector<QuestionKind>> tasks =
      task_kinds(config.sources, config.seed, Purpose::Examining);
  if (!tasks) return std::unexpected(tasks.error());
  std::vector<uint64_t> numbers(config.questions);
  std::iota(numbers.begin(), numbers.end(), uint64_t{0});
  for (const QuestionKind& task : *tasks) {
    const QuestionList questions = QuestionSource(std::vector{task}).questions(numbers);
    if (Result<void> asked = ask(examiner, task.name, questions, tell, results); !asked) {
      return asked;
    }
  }
  return {};
}

Result<void> write_files(const std::filesystem::path& folder, const Results& results) {
  Json figures = Json::object();
  for (const auto& [name, subject] : results.figures) {
    figures[name] = {{"questions", subject.count},
                     {"right", subject.right},
                     {"truncated", subject.truncated},
                     {"tokens", subject.tokens},
                     {"thinking_tokens", subject.thinking_tokens}};
  }
  Result<void> written = models::write_file_atomically(folder / kAnswersFile, results.answers);
  if (!written) return written;
  return models::write_file_atomically(folder / kFiguresFile, write_json(figures) + "\n");
}

}  // namespace

Result<std::vector<SubjectFigures>> examine(const ExamineConfig& config, const Teller& tell) {
  use_threads(config.threads);
  if (Result<void> made = make_folder(config.folder); !made) return std::unexpected(made.error());
  const Result<torch::Device> device = choose_device(config.device);
  if (!device) return std::unexpected(device.error());
  Model model(config.model, config.seed, *device);
  const Result<void> loaded = load_start(config.start, model);
  if (!loaded) return std::unexpected(loaded.error());
  const OwnLanguage language(media_shape(config.model));
  const Examiner examiner(model, language, activation_type(config.precision, *device),
                          {.most_tokens = config.most_tokens,
                           .verifier_deadline = seconds(config.verifier_deadline),
                           .thinking = config.thinking});
  Results results;
  Result<void> done = ask_everything(config, examiner, tell, results);
  if (done) done = write_files(config.folder, results);
  if (!done) return std::unexpected(done.error());
  return std::move(results.figures);
}

std::string to_text(const std::vector<SubjectFigures>& subjects) {
  std::string text =
      "| questions | right, % (95 % interval) | tokens of an answer | of them thinking | cut off, "
      "% |\n|---|---|---|---|---|\n";
  for (const auto& [name, figures] : subjects) {
    const auto [low, high] = interval(figures.right, static_cast<double>(figures.count));
    text += fmt::format("| {} {} | {:.1f} ({:.1f} to {:.1f}) | {:.1f} | {:.1f} | {:.1f} |\n",
                        figures.count, name, 100 * figures.right, 100 * low, 100 * high,
                        figures.tokens, figures.thinking_tokens, 100 * figures.truncated);
  }
  return text;
}

}  // namespace melete::train
