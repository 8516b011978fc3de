// What is in a data set, for people and for programs.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "corpus/corpus_file.h"

namespace melete::train {

struct Tally {
  int64_t examples = 0;
  int64_t tokens = 0;
  int64_t taught = 0;  // tokens that a model learns to write

  void add(const ExampleSize& size);
  void add(const Tally& other);
  double mean_tokens() const;  // 0 without examples
};

struct SourceReport {
  std::string name;
  double weight = 1;
  int64_t read = 0;  // lines, or examples that a task made
  int64_t kept = 0;
  DroppedByReason dropped;
  std::vector<LineProblem> problems;
  std::array<Tally, kSenses> written;  // by what they need; an example counts each time
  std::vector<Json> samples;           // the first few that were written

  Tally total() const;
};

struct CorpusReport {
  uint64_t seed = 1;
  int64_t test_questions = 0;  // that examples were kept apart from
  std::vector<SourceReport> sources;

  Tally total() const;
};

Json to_json(const CorpusReport& report);

// Tables for a terminal: sources, senses, reasons, what could not be read, a sample of each source.
std::string to_text(const CorpusReport& report);

}  // namespace melete::train
