// A JSONL file of a user, gone through once.

#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "corpus/sieve.h"

namespace melete::train {

// What was left out for one reason.
struct Dropped {
  int64_t count = 0;
  std::vector<int64_t> lines;  // numbers of the first few, from 1
};
using DroppedByReason = std::array<Dropped, kReasons>;

// A line that could not be read.
struct LineProblem {
  int64_t line = 0;
  std::string what;  // a sentence
};

struct KeptLine {
  int64_t offset = 0;  // in bytes
  int64_t bytes = 0;   // without the line's end
  ExampleSize size;
};

struct CorpusFile {
  std::filesystem::path path;
  int64_t lines = 0;           // that are not empty
  std::vector<KeptLine> kept;  // in the order of the file
  DroppedByReason dropped;
  std::vector<LineProblem> problems;  // the first 20
};

struct ReadingOptions {
  bool strict = false;                      // the first BadLine or BadMedia is an error
  std::function<void(int64_t lines)> tell;  // called every thousand lines; may be empty
};

// Reads `path` line by line; empty lines are passed over. Fails with NotFound, and with
// InvalidArgument as `strict` says.
Result<CorpusFile> read_corpus_file(const std::filesystem::path& path, Sieve& sieve,
                                    const ReadingOptions& options = {});

}  // namespace melete::train
