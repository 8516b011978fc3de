// Every rule by which an example is kept or left out, in the order in which they are tried.

#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "corpus/filters.h"
#include "corpus/near_duplicates.h"
#include "corpus/test_questions.h"
#include "data/sequence.h"

namespace melete::train {

enum class Sense { Text, Picture, Sound, PictureAndSound };  // what an example needs
inline constexpr size_t kSenses = 4;

// In snake_case, e.g. "picture_and_sound".
std::string_view name_of(Sense sense);

struct ExampleSize {
  int64_t tokens = 0;  // places of pictures and sounds included
  int64_t taught = 0;  // of those, tokens that the model has to write
  Sense sense = Sense::Text;
};

struct Verdict {
  std::optional<Reason> reason;  // to leave it out; nothing: it is kept
  std::string problem;           // of BadLine and BadMedia, for people
  ExampleSize size;              // of what is kept
};

// Remembers what it kept, so that later duplicates are found. Not thread-safe.
class Sieve {
 public:
  Sieve(const MediaShape& media, const FilterOptions& options, TestQuestions tests);

  // A line of a file in `folder`, from where its pictures and sounds are read.
  Verdict judge(std::string_view line, const std::filesystem::path& folder);

  // What a task made: only its length and the tests count, for tasks repeat themselves by chance.
  Verdict judge_made(const Conversation& conversation) const;

  int64_t test_questions() const { return tests_.size(); }

 private:
  bool is_duplicate(uint64_t whole) { return !seen_.insert(whole).second; }

  SequenceWriter writer_;
  FilterOptions options_;
  TestQuestions tests_;
  std::unordered_set<uint64_t> seen_;
  NearDuplicates near_;
};

}  // namespace melete::train
