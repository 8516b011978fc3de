// A file on its way: FILE.part grows beside its target with a small record of how far it is, and
// becomes FILE in one step when it is complete and its digest is right.
//
// Invariants: the record (FILE.part.json) never claims bytes that are not on disk; whatever lies
// behind the recorded length is cut off when a download resumes; the target's name appears only
// after its bytes are synced.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"

namespace melete::models {

// Not thread-safe. The destructor closes the file and keeps it for a later attempt.
class PartialFile {
 public:
  // Opens or resumes the download of `target` from `source` (a text that names what is fetched and
  // its version; a different text starts from nothing). Fails with StorageFull where the directory
  // cannot be written.
  static Result<PartialFile> open(const std::filesystem::path& target, std::string_view source);

  PartialFile(PartialFile&& other) noexcept;
  PartialFile& operator=(PartialFile&&) = delete;
  ~PartialFile();

  // Bytes that are here, resumed ones included.
  int64_t size() const { return size_; }

  // Steps of the source (such as parts) that are here whole; 0 for a new file.
  int steps() const { return steps_; }

  // The server's name for the version that is being fetched; empty: none.
  const std::string& version() const { return version_; }

  // Adds bytes at the end. Fails with StorageFull (disk full, file size limit).
  Result<void> append(std::string_view bytes);

  // Syncs what was appended and records it with `steps` and `version`. A resumed download continues
  // here.
  Result<void> checkpoint(int steps, std::string_view version);

  // Cuts the file to its last checkpoint / to nothing.
  Result<void> rewind();
  Result<void> restart();

  // Syncs, gives the file its final name and removes the record.
  Result<void> publish();

  // Removes file and record.
  void discard();

  const std::filesystem::path& path() const { return part_; }

 private:
  PartialFile(std::filesystem::path target, std::string source);

  Result<void> read_record();
  Result<void> cut(int64_t size);

  std::filesystem::path target_;
  std::filesystem::path part_;
  std::filesystem::path record_;
  std::string source_;
  std::string version_;
  int descriptor_ = -1;
  int64_t size_ = 0;
  int64_t recorded_size_ = 0;
  int steps_ = 0;
};

// Writes a small file so that readers see the old content or the new, never a part. Fails with
// StorageFull.
Result<void> write_file_atomically(const std::filesystem::path& file, std::string_view content);

// Fails with StorageFull, naming both figures, unless `directory` (which exists) has room for
// `bytes`.
Result<void> require_free_space(const std::filesystem::path& directory, int64_t bytes);

}  // namespace melete::models
