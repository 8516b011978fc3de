#include "reinforce/file_questions.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/json.h"
#include "data/file_source.h"
#include "data/order.h"
#include "eval/grader.h"

namespace melete::train {

namespace {

class FileVerifier final : public Verifier {
 public:
  explicit FileVerifier(std::string name) : name_(std::move(name)) {}
  std::string_view name() const override { return name_; }

 private:
  std::string name_;
};

// Nothing where it is not one question with its answer.
std::optional<Problem> problem_of(const Conversation& conversation) {
  if (conversation.size() != 2 || conversation.front().speaker != Speaker::User) {
    return std::nullopt;
  }
  const std::string answer = text_of(conversation.back());
  const std::optional<std::string> last_line = final_answer(answer);
  return Problem{.question = conversation.front().parts,
                 .answer = last_line.value_or(answer),
                 .chat = !last_line};
}

class ItemVerifier final : public Verifier {
 public:
  ItemVerifier(std::string name, eval::Item item)
      : name_(std::move(name)), item_(std::move(item)) {}

  std::string_view name() const override { return name_; }

  bool accepts(const Problem& /*problem*/, std::string_view answer) const override {
    return eval::is_right(item_, answer);
  }

 private:
  std::string name_;
  eval::Item item_;
};

// A verifier of the caller's, which gets whole answers.
class WholeAnswerVerifier final : public Verifier {
 public:
  explicit WholeAnswerVerifier(std::shared_ptr<const Verifier> inner) : inner_(std::move(inner)) {}

  std::string_view name() const override { return inner_->name(); }
  bool reads_all() const override { return true; }

  bool accepts(const Problem& problem, std::string_view answer) const override {
    return inner_->accepts(problem, answer);
  }

 private:
  std::shared_ptr<const Verifier> inner_;
};

bool has_items(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  while (std::getline(in, line) && line.empty()) continue;
  const Result<Json> json = parse_json(line);
  return json && json->is_object() && json->contains("question");
}

Result<QuestionList> item_questions(const std::filesystem::path& file, uint64_t most,
                                    uint64_t seed) {
  const Result<std::vector<eval::Item>> items = eval::read_items(file);
  if (!items) return std::unexpected(items.error());
  QuestionList questions;
  for (uint64_t index = 0; index < std::min<uint64_t>(most, items->size()); ++index) {
    const eval::Item& item = (*items)[shuffled(index, items->size(), seed)];
    if (!item.media.empty()) {
      return fail(ErrorCode::Unsupported,
                  fmt::format("{} has a picture or sound in {}: write such questions as "
                              "conversations.",
                              file.string(), item.id),
                  file.string());
    }
    const auto verifier = std::make_shared<ItemVerifier>(file.filename().string(), item);
    questions.push_back(std::make_shared<Question>(
        verifier, Problem{.question = {item.question}, .answer = item.answer, .chat = true}));
  }
  return questions;
}

Result<QuestionList> conversation_questions(const std::filesystem::path& file, uint64_t most,
                                            uint64_t seed) {
  const Result<std::shared_ptr<const FileSource>> source = FileSource::open(file, seed);
  if (!source) return std::unexpected(source.error());
  const auto verifier = std::make_shared<FileVerifier>(file.filename().string());
  QuestionList questions;
  for (uint64_t index = 0; index < std::min(most, (*source)->size()); ++index) {
    const Result<Conversation> conversation = (*source)->example(index);
    if (!conversation) return std::unexpected(conversation.error());
    std::optional<Problem> problem = problem_of(*conversation);
    if (!problem) {
      return fail(ErrorCode::InvalidArgument,
                  fmt::format("{} has a conversation that is not one question of the user's and "
                              "the assistant's answer, \"{}\": leave it out.",
                              file.string(), text_of(conversation->front()).substr(0, 80)),
                  file.string());
    }
    questions.push_back(std::make_shared<Question>(verifier, std::move(*problem)));
  }
  return questions;
}

}  // namespace

Result<QuestionList> file_questions(const std::filesystem::path& file, int64_t most, uint64_t seed,
                                    const std::shared_ptr<const Verifier>& verifier) {
  const auto count = static_cast<uint64_t>(most);
  Result<QuestionList> questions = has_items(file) ? item_questions(file, count, seed)
                                                   : conversation_questions(file, count, seed);
  if (!questions || !verifier) return questions;
  const auto whole = std::make_shared<WholeAnswerVerifier>(verifier);
  for (std::shared_ptr<const Question>& question : *questions) {
    question = std::make_shared<Question>(whole, question->problem);
  }
  return questions;
}

}  // namespace melete::train
