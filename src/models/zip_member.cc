// Finds the member in the archive's central directory, then inflates it with zlib.
//
// Layout (little-endian): [local header, data]... [central directory entries] [end record].

#include "models/zip_member.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

namespace melete::models {
namespace {

constexpr uint32_t kLocalSignature = 0x04034b50;
constexpr uint32_t kCentralSignature = 0x02014b50;
constexpr uint32_t kEndSignature = 0x06054b50;
constexpr size_t kLocalBytes = 30;
constexpr size_t kCentralBytes = 46;
constexpr size_t kEndBytes = 22;
constexpr size_t kCommentLimit = 65535;
constexpr size_t kBlock = 256 * 1024;
constexpr uint16_t kStored = 0;
constexpr uint16_t kDeflated = 8;

struct Member {
  uint16_t method = 0;
  uint32_t crc = 0;
  uint64_t packed_bytes = 0;
  uint64_t local_offset = 0;
};

uint64_t little_endian(std::string_view bytes, size_t at, size_t width) {
  uint64_t value = 0;
  for (size_t i = width; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

std::unexpected<Error> damaged(const std::filesystem::path& archive, std::string_view why) {
  return fail(ErrorCode::Corrupt, fmt::format("{} is damaged: {}", archive.string(), why),
              archive.string());
}

// An archive that is open for reading at any place.
class Archive {
 public:
  explicit Archive(const std::filesystem::path& path) : path_(path), in_(path, std::ios::binary) {
    std::error_code failed;
    const auto bytes = std::filesystem::file_size(path, failed);
    size_ = failed ? 0 : bytes;
  }

  bool is_open() const { return in_.is_open(); }
  uint64_t size() const { return size_; }
  const std::filesystem::path& path() const { return path_; }

  // Fewer bytes than asked where the file ends.
  std::string read(uint64_t offset, size_t bytes) {
    std::string block(
        static_cast<size_t>(std::min<uint64_t>(bytes, size_ - std::min(offset, size_))), '\0');
    in_.clear();
    in_.seekg(static_cast<std::streamoff>(offset));
    in_.read(block.data(), static_cast<std::streamsize>(block.size()));
    block.resize(static_cast<size_t>(in_.gcount()));
    return block;
  }

 private:
  std::filesystem::path path_;
  std::ifstream in_;
  uint64_t size_ = 0;
};

Result<std::string> read_central_directory(Archive& archive) {
  const size_t tail_bytes = std::min<uint64_t>(archive.size(), kEndBytes + kCommentLimit);
  const std::string tail = archive.read(archive.size() - tail_bytes, tail_bytes);
  for (size_t at = tail.size() < kEndBytes ? 0 : tail.size() - kEndBytes + 1; at-- > 0;) {
    if (little_endian(tail, at, 4) != kEndSignature) continue;
    const uint64_t bytes = little_endian(tail, at + 12, 4);
    const uint64_t offset = little_endian(tail, at + 16, 4);
    if (offset + bytes > archive.size()) return damaged(archive.path(), "its index is cut off");
    return archive.read(offset, bytes);
  }
  return damaged(archive.path(), "it has no index; it may be cut off");
}

std::optional<Member> find_member(std::string_view directory, std::string_view name) {
  size_t at = 0;
  while (at + kCentralBytes <= directory.size() &&
         little_endian(directory, at, 4) == kCentralSignature) {
    const size_t name_bytes = little_endian(directory, at + 28, 2);
    const size_t extra_bytes =
        little_endian(directory, at + 30, 2) + little_endian(directory, at + 32, 2);
    if (directory.substr(std::min(at + kCentralBytes, directory.size()), name_bytes) == name) {
      Member member;
      member.method = static_cast<uint16_t>(little_endian(directory, at + 10, 2));
      member.crc = static_cast<uint32_t>(little_endian(directory, at + 16, 4));
      member.packed_bytes = little_endian(directory, at + 20, 4);
      member.local_offset = little_endian(directory, at + 42, 4);
      return member;
    }
    at += kCentralBytes + name_bytes + extra_bytes;
  }
  return std::nullopt;
}

Result<uint64_t> find_data(Archive& archive, const Member& member) {
  const std::string header = archive.read(member.local_offset, kLocalBytes);
  if (header.size() < kLocalBytes || little_endian(header, 0, 4) != kLocalSignature) {
    return damaged(archive.path(), "its index points to nothing");
  }
  const uint64_t data = member.local_offset + kLocalBytes + little_endian(header, 26, 2) +
                        little_endian(header, 28, 2);
  if (data + member.packed_bytes > archive.size()) {
    return damaged(archive.path(), "a member is cut off");
  }
  return data;
}

// Inflates or passes on what it is given, and keeps the CRC of what comes out.
class Unpacker {
 public:
  Unpacker(uint16_t method, const ByteSink& sink)
      : method_(method),
        sink_(sink),
        out_(kBlock),
        ready_(inflateInit2(&zlib_, -MAX_WBITS) == Z_OK) {}
  ~Unpacker() { inflateEnd(&zlib_); }
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;

  // False once the deflated data makes no sense.
  bool sound() const { return ready_; }
  uint32_t crc() const { return static_cast<uint32_t>(crc_); }

  Result<void> add(std::string& packed) {
    if (method_ == kStored) return pass(packed);
    zlib_.next_in = reinterpret_cast<Bytef*>(packed.data());
    zlib_.avail_in = static_cast<uInt>(packed.size());
    int status = Z_OK;
    while (ready_ && status == Z_OK) {
      zlib_.next_out = out_.data();
      zlib_.avail_out = static_cast<uInt>(out_.size());
      status = inflate(&zlib_, Z_NO_FLUSH);
      ready_ = status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR;
      const size_t made = out_.size() - zlib_.avail_out;
      auto passed = pass({reinterpret_cast<const char*>(out_.data()), made});
      if (!passed) return passed;
    }
    return {};
  }

 private:
  Result<void> pass(std::string_view bytes) {
    if (bytes.empty()) return {};
    crc_ =
        crc32(crc_, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
    return sink_(bytes);
  }

  uint16_t method_;
  const ByteSink& sink_;
  std::vector<Bytef> out_;
  z_stream zlib_{};
  uLong crc_ = crc32(0, nullptr, 0);
  bool ready_;
};

}  // namespace

Result<void> read_zip_member(const std::filesystem::path& path, std::string_view name,
                             const ByteSink& sink) {
  Archive archive(path);
  if (!archive.is_open()) {
    return fail(ErrorCode::NotFound, fmt::format("{} cannot be read", path.string()),
                path.string());
  }
  const auto directory = read_central_directory(archive);
  if (!directory) return std::unexpected(directory.error());
  const auto member = find_member(*directory, name);
  if (!member) {
    return fail(ErrorCode::NotFound, fmt::format("{} has no member {}", path.string(), name),
                std::string(name));
  }
  if (member->method != kStored && member->method != kDeflated) {
    return damaged(path, fmt::format("{} is packed by method {}, which is neither stored nor "
                                     "deflated",
                                     name, member->method));
  }
  const auto data = find_data(archive, *member);
  if (!data) return std::unexpected(data.error());

  Unpacker unpacker(member->method, sink);
  uint64_t offset = *data;
  uint64_t left = member->packed_bytes;
  while (left > 0 && unpacker.sound()) {
    std::string packed = archive.read(offset, std::min<uint64_t>(left, kBlock));
    if (packed.empty()) return damaged(path, "it ended early");
    if (auto added = unpacker.add(packed); !added) return added;
    offset += packed.size();
    left -= packed.size();
  }
  if (unpacker.crc() != member->crc) {
    return damaged(path, fmt::format("the checksum of {} is wrong", name));
  }
  return {};
}

}  // namespace melete::models
