// Examples from a JSONL file, such as `melete-train data` writes.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "data/source.h"

namespace melete::train {

// Goes through the file again and again, each time in an order of its own. The file has to stay as
// it is; only where its lines are is kept in memory.
class FileSource final : public Source {
 public:
  // Reads every line once; empty ones are passed over. Fails with NotFound, and with
  // InvalidArgument, naming the line, where one is no record, holds a mark of the chat format or
  // names a file that is missing. Some 20 s for a gigabyte.
  static Result<std::shared_ptr<const FileSource>> open(const std::filesystem::path& file,
                                                        uint64_t seed);

  // Reads one line, and its pictures and sounds. Fails with Corrupt.
  Result<Conversation> example(uint64_t index) const override;

  uint64_t size() const { return lines_.size(); }

 private:
  struct Line {
    int64_t offset = 0;
    int64_t bytes = 0;
  };

  FileSource(std::filesystem::path file, std::vector<Line> lines, uint64_t seed);

  std::filesystem::path file_;
  std::vector<Line> lines_;  // at least one
  uint64_t seed_;
};

}  // namespace melete::train
