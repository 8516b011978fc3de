#include "corpus/corpus_file.h"

#include <fmt/format.h>

#include <fstream>
#include <utility>

namespace melete::train {

namespace {

constexpr size_t kLinesNamed = 3;
constexpr size_t kProblemsTold = 20;

void note(CorpusFile& file, int64_t line, Verdict verdict) {
  Dropped& dropped = file.dropped[static_cast<size_t>(*verdict.reason)];
  ++dropped.count;
  if (dropped.lines.size() < kLinesNamed) dropped.lines.push_back(line);
  if (!verdict.problem.empty() && file.problems.size() < kProblemsTold) {
    file.problems.push_back({line, std::move(verdict.problem)});
  }
}

}  // namespace

Result<CorpusFile> read_corpus_file(const std::filesystem::path& path, Sieve& sieve,
                                    const ReadingOptions& options) {
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path)) {
    return fail(ErrorCode::NotFound,
                fmt::format("{} cannot be read: give a JSONL file of examples.", path.string()),
                path.string());
  }
  CorpusFile file{.path = path};
  std::string line;
  int64_t offset = 0;
  for (int64_t number = 1; std::getline(in, line); ++number) {
    const int64_t bytes = std::ssize(line);
    const int64_t begin = std::exchange(offset, offset + bytes + 1);
    if (line.empty() || line == "\r") continue;
    ++file.lines;
    if (options.tell && file.lines % 1000 == 0) options.tell(file.lines);
    Verdict verdict = sieve.judge(line, path.parent_path());
    if (!verdict.reason) {
      file.kept.push_back({begin, bytes, verdict.size});
      continue;
    }
    if (options.strict && !verdict.problem.empty()) {
      return fail(ErrorCode::InvalidArgument,
                  fmt::format("{}:{}: {}", path.string(), number, verdict.problem), path.string());
    }
    note(file, number, std::move(verdict));
  }
  return file;
}

}  // namespace melete::train
