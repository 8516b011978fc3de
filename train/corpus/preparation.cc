#include "corpus/preparation.h"

#include <fmt/format.h>

#include <fstream>
#include <utility>

#include "corpus/corpus_file.h"
#include "corpus/corpus_writer.h"
#include "data/order.h"
#include "models/partial_file.h"

namespace melete::train {

namespace {

constexpr size_t kSamples = 3;

Result<Sieve> make_sieve(const PreparationOptions& options) {
  TestQuestions tests(static_cast<size_t>(options.test_run));
  for (const std::filesystem::path& file : options.tests) {
    if (Result<void> added = tests.add(file); !added) return std::unexpected(added.error());
  }
  return Sieve(options.media, options.filters, std::move(tests));
}

Result<CorpusFile> read_input(const InputFile& input, Sieve& sieve,
                              const PreparationOptions& options, const Teller& tell) {
  Result<CorpusFile> file = read_corpus_file(
      input.path, sieve, {.strict = options.strict, .tell = [&](int64_t lines) {
                            tell(fmt::format("{}: {} lines read", input.name, lines));
                          }});
  if (file && file->kept.empty()) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("Of {} no line is kept, of {}: look at its first lines, and at "
                            "[filters] and [tests].",
                            input.path.string(), file->lines),
                "files." + input.name);
  }
  return file;
}

Interleaving order_of(const PreparationOptions& options) {
  std::vector<double> weights;
  for (const InputFile& file : options.files) weights.push_back(file.weight);
  for (const InputTask& task : options.tasks) weights.push_back(task.weight);
  return Interleaving(weights);
}

// As many examples as there can be before one of a file would come again.
int64_t examples_without_repeats(const Interleaving& order, const std::vector<CorpusFile>& files) {
  const auto repeats = [&](int64_t total) {
    for (size_t i = 0; i < files.size(); ++i) {
      if (order.count(i, static_cast<uint64_t>(total)) > files[i].kept.size()) return true;
    }
    return false;
  };
  int64_t fits = 0;
  int64_t too_many = 1;
  while (!repeats(too_many)) fits = std::exchange(too_many, too_many * 2);
  while (too_many - fits > 1) {
    const int64_t middle = fits + (too_many - fits) / 2;
    (repeats(middle) ? too_many : fits) = middle;
  }
  return fits;
}

// One source while the data set is written.
class Writing {
 public:
  Writing(CorpusWriter& writer, SourceReport& report) : writer_(writer), report_(report) {}

  // Number `index` of a file's walk through what was kept of it.
  Result<void> write_line(const CorpusFile& file, uint64_t index, uint64_t seed) {
    const KeptLine& line = file.kept[shuffled(index, file.kept.size(), seed)];
    std::string text(line.bytes, '\0');
    std::ifstream in(file.path, std::ios::binary);
    in.seekg(line.offset);
    in.read(text.data(), line.bytes);
    Result<Record> record = read_record(text);
    if (!in || !record) {
      return fail(ErrorCode::Corrupt,
                  fmt::format("{} has changed while it was read: start again.", file.path.string()),
                  file.path.string());
    }
    return note(writer_.write(std::move(*record), file.path.parent_path()), line.size);
  }

  // The next example of a task that is to be kept.
  Result<void> write_made(const InputTask& task, const Sieve& sieve) {
    constexpr int kMostInARow = 1000;
    for (int tries = 0; tries < kMostInARow; ++tries) {
      const Result<Conversation> made = task.source->example(report_.read++);
      if (!made) return std::unexpected(made.error());
      const Verdict verdict = sieve.judge_made(*made);
      if (!verdict.reason) {
        ++report_.kept;
        return note(writer_.write(*made), verdict.size);
      }
      ++report_.dropped[static_cast<size_t>(*verdict.reason)].count;
    }
    return fail(ErrorCode::InvalidArgument,
                fmt::format("The last {} examples of {} were all left out: look at [filters] and "
                            "[tests].",
                            kMostInARow, task.name),
                "tasks." + task.name);
  }

 private:
  Result<void> note(const Result<std::string>& line, const ExampleSize& size) {
    if (!line) return std::unexpected(line.error());
    report_.written[static_cast<size_t>(size.sense)].add(size);
    if (report_.samples.size() < kSamples) report_.samples.push_back(*parse_json(*line));
    return {};
  }

  CorpusWriter& writer_;
  SourceReport& report_;
};

CorpusReport begin_report(const PreparationOptions& options, const Sieve& sieve,
                          const std::vector<CorpusFile>& files) {
  CorpusReport report{
      .seed = options.seed, .test_questions = sieve.test_questions(), .sources = {}};
  for (size_t i = 0; i < files.size(); ++i) {
    SourceReport& source = report.sources.emplace_back();
    source.name = options.files[i].name;
    source.weight = options.files[i].weight;
    source.read = files[i].lines;
    source.kept = std::ssize(files[i].kept);
    source.dropped = files[i].dropped;
    source.problems = files[i].problems;
  }
  for (const InputTask& task : options.tasks) {
    SourceReport& source = report.sources.emplace_back();
    source.name = task.name;
    source.weight = task.weight;
  }
  return report;
}

Result<int64_t> examples_to_write(const PreparationOptions& options, const Interleaving& order,
                                  const std::vector<CorpusFile>& files) {
  if (options.examples > 0) return options.examples;
  if (!files.empty()) return examples_without_repeats(order, files);
  return fail(ErrorCode::InvalidArgument,
              "Tasks have no end: say by examples how many are to be written.", "examples");
}

Result<void> write_all(const PreparationOptions& options, const Sieve& sieve,
                       const std::vector<CorpusFile>& files, CorpusReport& report,
                       const Teller& tell) {
  const Interleaving order = order_of(options);
  const Result<int64_t> examples = examples_to_write(options, order, files);
  if (!examples) return std::unexpected(examples.error());
  Result<CorpusWriter> writer = CorpusWriter::open(options.folder);
  if (!writer) return std::unexpected(writer.error());
  for (int64_t index = 0; index < *examples; ++index) {
    const Interleaving::Place place = order.at(static_cast<uint64_t>(index));
    Writing writing(*writer, report.sources[place.source]);
    const Result<void> written =
        place.source < files.size()
            ? writing.write_line(files[place.source], place.index, options.seed + place.source)
            : writing.write_made(options.tasks[place.source - files.size()], sieve);
    if (!written) return written;
    if ((index + 1) % 1000 == 0) tell(fmt::format("{} of {} written", index + 1, *examples));
  }
  return writer->finish();
}

}  // namespace

Result<CorpusReport> prepare(const PreparationOptions& options, const Teller& tell) {
  if (options.files.empty() && options.tasks.empty()) {
    return fail(ErrorCode::InvalidArgument, "There is nothing to read: name [files] or [tasks].",
                "files");
  }
  Result<Sieve> sieve = make_sieve(options);
  if (!sieve) return std::unexpected(sieve.error());
  std::vector<CorpusFile> files;
  for (const InputFile& input : options.files) {
    Result<CorpusFile> file = read_input(input, *sieve, options, tell);
    if (!file) return std::unexpected(file.error());
    files.push_back(std::move(*file));
  }
  CorpusReport report = begin_report(options, *sieve, files);
  if (const Result<void> written = write_all(options, *sieve, files, report, tell); !written) {
    return std::unexpected(written.error());
  }
  const std::string json = to_json(report).dump(2, ' ', false, Json::error_handler_t::replace);
  const Result<void> told =
      models::write_file_atomically(options.folder / kReportFile, json + "\n");
  if (!told) return std::unexpected(told.error());
  return report;
}

}  // namespace melete::train
