#include "corpus/test_questions.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <utility>

#include "base/json.h"
#include "corpus/words.h"
#include "data/record.h"

namespace melete::train {

namespace {

constexpr size_t kShortestRun = 4;

// An item's question, with what is shown and played before it.
Record item_record(const Json& item) {
  RecordTurn turn{.speaker = Speaker::User, .parts = {}, .reasoning = {}};
  for (const auto& [field, kind] :
       {std::pair{"image", RecordPartKind::Picture}, std::pair{"audio", RecordPartKind::Sound}}) {
    const auto named = item.find(field);
    if (named == item.end() || !named->is_string()) continue;
    turn.parts.push_back({kind, named->get<std::string>()});
  }
  turn.parts.push_back({RecordPartKind::Text, item["question"].get<std::string>()});
  return {std::move(turn)};
}

// The question of an item that `melete eval` reads, or what a record says.
Result<Conversation> read_question(const std::string& line, const std::filesystem::path& folder) {
  const Result<Json> json = parse_json(line);
  if (!json) return std::unexpected(json.error());
  if (json->is_object() && json->contains("question") && (*json)["question"].is_string()) {
    return load(item_record(*json), folder);
  }
  const Result<Record> record = read_record(line);
  if (!record) return std::unexpected(record.error());
  return load(*record, folder);
}

}  // namespace

TestQuestions::TestQuestions(size_t run) : run_(run) {}

void TestQuestions::add_turn(const Turn& turn) {
  const Fingerprint fingerprint = fingerprint_of({turn});
  media_.insert(fingerprint.media.begin(), fingerprint.media.end());
  const std::vector<uint64_t> words = fingerprint.words();
  ++size_;
  if (!fingerprint.media.empty() || words.empty()) return;
  if (words.size() < kShortestRun) {
    turns_.insert(hash_of(words));
    return;
  }
  const size_t run = std::min(run_, words.size());
  for (size_t first = 0; first + run <= words.size(); ++first) {
    runs_[run].insert(hash_of(std::span(words).subspan(first, run)));
  }
}

Result<void> TestQuestions::add(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in || std::filesystem::is_directory(file)) {
    return fail(
        ErrorCode::NotFound,
        fmt::format("{} cannot be read: give a JSONL file of test questions.", file.string()),
        file.string());
  }
  std::string line;
  for (int64_t number = 1; std::getline(in, line); ++number) {
    if (line.empty()) continue;
    const Result<Conversation> question = read_question(line, file.parent_path());
    if (!question) {
      return fail(question.error().code,
                  fmt::format("{}:{}: {}", file.string(), number, question.error().message),
                  file.string());
    }
    for (const Turn& turn : *question) {
      if (turn.speaker == Speaker::User || turn.speaker == Speaker::Nobody) add_turn(turn);
    }
  }
  return {};
}

bool TestQuestions::given_away_by(const Fingerprint& example) const {
  const auto is_known = [](const std::unordered_set<uint64_t>& known) {
    return [&known](uint64_t hash) { return known.contains(hash); };
  };
  if (std::ranges::any_of(example.media, is_known(media_))) return true;
  for (const std::vector<uint64_t>& turn : example.turns) {
    if (turn.size() < kShortestRun && turns_.contains(hash_of(turn))) return true;
  }
  const std::vector<uint64_t> words = example.words();
  for (const auto& [run, known] : runs_) {
    for (size_t first = 0; first + run <= words.size(); ++first) {
      if (known.contains(hash_of(std::span(words).subspan(first, run)))) return true;
    }
  }
  return false;
}

}  // namespace melete::train
