// The file that a data set becomes: lines of records, with the pictures and sounds that were made
// for it in a folder beside it.

#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "base/error.h"
#include "data/record.h"

namespace melete::train {

// Not thread-safe. The file appears whole, by finish(), or not at all; the destructor removes what
// is unfinished.
class CorpusWriter {
 public:
  // Makes `folder`. Fails with StorageFull.
  static Result<CorpusWriter> open(const std::filesystem::path& folder);

  CorpusWriter(CorpusWriter&& other) noexcept;
  CorpusWriter& operator=(CorpusWriter&&) = delete;
  ~CorpusWriter();

  // Writes a record whose paths are relative to `base`, and gives back the line. Fails with
  // StorageFull.
  Result<std::string> write(Record record, const std::filesystem::path& base);

  // Writes what was made, its pictures as PNG and its sounds as FLAC. Fails with StorageFull.
  Result<std::string> write(const Conversation& conversation);

  // Fails with StorageFull.
  Result<void> finish();

 private:
  CorpusWriter(std::filesystem::path folder, std::filesystem::path part);

  Result<std::string> write_line(const Record& record);
  Result<RecordPart> saved(const Part& part) const;

  std::filesystem::path folder_;
  std::filesystem::path part_;  // empty: there is nothing to remove
  std::ofstream out_;
};

// Names in a data set's folder.
inline constexpr std::string_view kCorpusFile = "data.jsonl";
inline constexpr std::string_view kReportFile = "report.json";
inline constexpr std::string_view kMediaFolder = "media";

}  // namespace melete::train
