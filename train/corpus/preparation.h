// Makes a data set from a user's files and from tasks: reads, leaves out, mixes by weight, writes,
// and says what is in it.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "corpus/filters.h"
#include "corpus/report.h"
#include "data/sequence.h"
#include "data/source.h"
#include "data/teller.h"

namespace melete::train {

struct InputFile {
  std::string name;  // in the report
  std::filesystem::path path;
  double weight = 1;  // of examples, relative to all inputs; above 0
};

struct InputTask {
  std::string name;
  std::shared_ptr<const Source> source;
  double weight = 1;
};

struct PreparationOptions {
  std::filesystem::path folder;  // for data.jsonl, report.json and what was made
  uint64_t seed = 1;             // decides the order
  int64_t examples = 0;          // to write; 0: as many as the weights allow with none repeated
  bool strict = false;           // a line that cannot be read is an error
  std::vector<InputFile> files;  // of two that are alike, the one in the earlier file is kept
  std::vector<InputTask> tasks;
  std::vector<std::filesystem::path> tests;  // files of test questions
  int64_t test_run = 13;                     // words in a row that give a question away; at least 4
  FilterOptions filters;
  MediaShape media;  // by which tokens of pictures and sounds are counted
};

// Writes the folder's files; the same options and files make the same bytes. `tell` gets a line for
// people now and then. Fails with NotFound, with InvalidArgument, naming the setting or the line,
// where nothing is left of a source or `strict` asks for it, and with StorageFull; data.jsonl is
// then not touched. Keeps some 1.5 KB of each example in memory, and no text.
Result<CorpusReport> prepare(const PreparationOptions& options, const Teller& tell);

}  // namespace melete::train
