// A file on its way: POSIX calls, because names must change atomically and a full disk must be told
// apart.

#include "models/partial_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "base/file_content.h"
#include "base/json.h"
#include "models/units.h"

namespace melete::models {
namespace fs = std::filesystem;
namespace {

std::unexpected<Error> storage_error(const fs::path& file, std::string_view action, int code) {
  const bool full = code == ENOSPC || code == EDQUOT || code == EFBIG;
  const std::string_view advice =
      full ? "free some space, or set MELETE_MODELS to a directory on another disk"
           : "set MELETE_MODELS to a directory that you may write";
  return fail(
      ErrorCode::StorageFull,
      fmt::format("{} cannot be {}: {}: {}", file.string(), action, std::strerror(code), advice),
      file.string());
}

fs::path with_suffix(const fs::path& file, std::string_view suffix) {
  return fs::path(file.string() + std::string(suffix));
}

void sync_directory(const fs::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

// Returns 0 or the errno of the write that failed.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return 0;
}

// Fields of a record that may be damaged.
std::optional<std::string> text_of(const Json& record, const char* name) {
  const auto field = record.find(name);
  if (field == record.end() || !field->is_string()) return std::nullopt;
  return field->get<std::string>();
}

int64_t number_of(const Json& record, const char* name) {
  const auto field = record.find(name);
  return field == record.end() || !field->is_number_integer() ? -1 : field->get<int64_t>();
}

}  // namespace

PartialFile::PartialFile(fs::path target, std::string source)
    : target_(std::move(target)),
      part_(with_suffix(target_, ".part")),
      record_(with_suffix(target_, ".part.json")),
      source_(std::move(source)) {}

PartialFile::PartialFile(PartialFile&& other) noexcept
    : target_(std::move(other.target_)),
      part_(std::move(other.part_)),
      record_(std::move(other.record_)),
      source_(std::move(other.source_)),
      version_(std::move(other.version_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      recorded_size_(other.recorded_size_),
      steps_(other.steps_) {}

PartialFile::~PartialFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<PartialFile> PartialFile::open(const fs::path& target, std::string_view source) {
  PartialFile file(target, std::string(source));
  file.descriptor_ = ::open(file.part_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file.descriptor_ < 0) return storage_error(file.part_, "written", errno);
  if (auto read = file.read_record(); !read) return std::unexpected(read.error());
  return file;
}

Result<void> PartialFile::read_record() {
  const auto record = parse_json(file_content(record_).value_or(""));
  if (!record || text_of(*record, "source") != source_) return cut(0);
  const int64_t recorded = number_of(*record, "bytes");
  const int64_t steps = number_of(*record, "steps");
  const int64_t on_disk = ::lseek(descriptor_, 0, SEEK_END);
  if (recorded <= 0 || recorded > on_disk || steps < 0) return cut(0);
  steps_ = static_cast<int>(steps);
  version_ = text_of(*record, "version").value_or("");
  recorded_size_ = recorded;
  return cut(recorded);
}

Result<void> PartialFile::cut(int64_t size) {
  if (::ftruncate(descriptor_, size) != 0) return storage_error(part_, "written", errno);
  ::lseek(descriptor_, size, SEEK_SET);
  size_ = size;
  return {};
}

Result<void> PartialFile::append(std::string_view bytes) {
  if (const int code = write_all(descriptor_, bytes)) return storage_error(part_, "written", code);
  size_ += static_cast<int64_t>(bytes.size());
  return {};
}

Result<void> PartialFile::checkpoint(int steps, std::string_view version) {
  if (::fdatasync(descriptor_) != 0) return storage_error(part_, "written", errno);
  steps_ = steps;
  version_ = std::string(version);
  recorded_size_ = size_;
  const Json record = {
      {"source", source_}, {"version", version_}, {"steps", steps_}, {"bytes", size_}};
  return write_file_atomically(record_, write_json(record));
}

Result<void> PartialFile::rewind() {
  return cut(recorded_size_);
}

Result<void> PartialFile::restart() {
  steps_ = 0;
  recorded_size_ = 0;
  version_.clear();
  std::error_code ignored;
  fs::remove(record_, ignored);
  return cut(0);
}

Result<void> PartialFile::publish() {
  if (::fsync(descriptor_) != 0) return storage_error(part_, "written", errno);
  if (::rename(part_.c_str(), target_.c_str()) != 0) {
    return storage_error(target_, "written", errno);
  }
  std::error_code ignored;
  fs::remove(record_, ignored);
  sync_directory(target_.parent_path());
  return {};
}

void PartialFile::discard() {
  std::error_code ignored;
  fs::remove(part_, ignored);
  fs::remove(record_, ignored);
}

Result<void> write_file_atomically(const fs::path& file, std::string_view content) {
  const fs::path temporary = with_suffix(file, fmt::format(".{}.tmp", ::getpid()));
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) return storage_error(file, "written", errno);
  int code = write_all(descriptor, content);
  if (code == 0 && ::fsync(descriptor) != 0) code = errno;
  ::close(descriptor);
  if (code == 0 && ::rename(temporary.c_str(), file.c_str()) != 0) code = errno;
  if (code == 0) {
    sync_directory(file.parent_path());
    return {};
  }
  std::error_code ignored;
  fs::remove(temporary, ignored);
  return storage_error(file, "written", code);
}

Result<void> require_free_space(const fs::path& directory, int64_t bytes) {
  struct statvfs volume{};
  if (::statvfs(directory.c_str(), &volume) != 0) {
    return storage_error(directory, "written", errno);
  }
  const auto free = static_cast<int64_t>(volume.f_bavail) * static_cast<int64_t>(volume.f_frsize);
  if (free >= bytes) return {};
  return fail(ErrorCode::StorageFull,
              fmt::format("{} has {} free and {} are needed: free some space, or set MELETE_MODELS "
                          "to a directory on another disk",
                          directory.string(), decimal_bytes(free), decimal_bytes(bytes)),
              directory.string());
}

}  // namespace melete::models
