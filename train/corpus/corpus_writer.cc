#include "corpus/corpus_writer.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "corpus/fingerprint.h"
#include "data/media_file.h"

namespace melete::train {

namespace {

std::unexpected<Error> unwritable(const std::filesystem::path& file) {
  return fail(ErrorCode::StorageFull,
              fmt::format("{} cannot be written: make room on the disk, or choose another folder.",
                          file.string()),
              file.string());
}

}  // namespace

CorpusWriter::CorpusWriter(std::filesystem::path folder, std::filesystem::path part)
    : folder_(std::move(folder)), part_(std::move(part)), out_(part_, std::ios::binary) {}

CorpusWriter::CorpusWriter(CorpusWriter&& other) noexcept
    : folder_(std::move(other.folder_)),
      part_(std::exchange(other.part_, {})),
      out_(std::move(other.out_)) {}

CorpusWriter::~CorpusWriter() {
  if (part_.empty()) return;
  out_.close();
  std::error_code ignored;
  std::filesystem::remove(part_, ignored);
}

Result<CorpusWriter> CorpusWriter::open(const std::filesystem::path& folder) {
  std::error_code problem;
  std::filesystem::create_directories(folder / kMediaFolder, problem);
  if (problem) return unwritable(folder);
  CorpusWriter writer(folder, folder / fmt::format("{}.part", kCorpusFile));
  if (!writer.out_) return unwritable(writer.part_);
  return writer;
}

Result<std::string> CorpusWriter::write_line(const Record& record) {
  std::string line = write_record(record);
  out_ << line << '\n';
  if (!out_) return unwritable(part_);
  return line;
}

Result<std::string> CorpusWriter::write(Record record, const std::filesystem::path& base) {
  for (RecordTurn& turn : record) {
    for (RecordPart& part : turn.parts) {
      if (part.kind == RecordPartKind::Text) continue;
      std::error_code ignored;  // of a folder that is not there; what is in it was read before
      const std::filesystem::path file =
          std::filesystem::weakly_canonical(base / part.value, ignored);
      part.value = file.lexically_proximate(std::filesystem::weakly_canonical(folder_, ignored));
    }
  }
  return write_line(record);
}

// A file is named for what it shows, so that a second run writes over the first one's.
Result<RecordPart> CorpusWriter::saved(const Part& part) const {
  if (const auto* text = std::get_if<std::string>(&part)) {
    return RecordPart{RecordPartKind::Text, *text};
  }
  const uint64_t hash = fingerprint_of({{Speaker::User, {part}, {}}}).media.front();
  const auto* picture = std::get_if<Picture>(&part);
  const std::string name =
      fmt::format("{}/{:016x}.{}", kMediaFolder, hash, picture != nullptr ? "png" : "flac");
  const Result<void> written = picture != nullptr
                                   ? write_picture(folder_ / name, *picture)
                                   : write_sound(folder_ / name, std::get<Sound>(part));
  if (!written) return std::unexpected(written.error());
  return RecordPart{picture != nullptr ? RecordPartKind::Picture : RecordPartKind::Sound, name};
}

Result<std::string> CorpusWriter::write(const Conversation& conversation) {
  Record record;
  for (const Turn& turn : conversation) {
    RecordTurn& written = record.emplace_back(RecordTurn{turn.speaker, {}, turn.reasoning});
    for (const Part& part : turn.parts) {
      Result<RecordPart> kept = saved(part);
      if (!kept) return std::unexpected(kept.error());
      written.parts.push_back(std::move(*kept));
    }
  }
  return write_line(record);
}

Result<void> CorpusWriter::finish() {
  out_.close();
  std::error_code problem;
  if (out_) std::filesystem::rename(part_, folder_ / kCorpusFile, problem);
  if (!out_ || problem) return unwritable(folder_ / kCorpusFile);
  part_.clear();
  return {};
}

}  // namespace melete::train
