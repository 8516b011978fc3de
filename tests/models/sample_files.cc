// Small files for tests.

#include "models/sample_files.h"

#include <zlib.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <utility>

#include "models/sha256.h"

namespace melete::models {
namespace fs = std::filesystem;
namespace {

template <typename T>
void put(std::string& out, T value) {
  for (size_t i = 0; i < sizeof value; ++i)
    out += static_cast<char>(static_cast<uint64_t>(value) >> (8 * i));
}

void put_text(std::string& out, std::string_view text) {
  put<uint64_t>(out, text.size());
  out += text;
}

void put_number(std::string& out, std::string_view key, uint32_t value) {
  put_text(out, key);
  put<uint32_t>(out, 4);
  put(out, value);
}

void put_string(std::string& out, std::string_view key, std::string_view value) {
  put_text(out, key);
  put<uint32_t>(out, 8);
  put_text(out, value);
}

void put_tensor(std::string& out, std::string_view name,
                std::pair<uint64_t, uint64_t> elements_and_offset) {
  put_text(out, name);
  put<uint32_t>(out, 1);
  put<uint64_t>(out, elements_and_offset.first);
  put<uint32_t>(out, 0);
  put<uint64_t>(out, elements_and_offset.second);
}

std::string deflated(std::string_view content) {
  z_stream zlib{};
  deflateInit2(&zlib, Z_BEST_SPEED, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&zlib, content.size()), '\0');
  zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  zlib.avail_in = static_cast<uInt>(content.size());
  zlib.next_out = reinterpret_cast<Bytef*>(packed.data());
  zlib.avail_out = static_cast<uInt>(packed.size());
  deflate(&zlib, Z_FINISH);
  packed.resize(zlib.total_out);
  deflateEnd(&zlib);
  return packed;
}

}  // namespace

std::string sample_gguf(uint64_t payload_bytes) {
  std::string out = "GGUF";
  put<uint32_t>(out, 3);
  put<uint64_t>(out, 2);
  put<uint64_t>(out, 10);
  put_string(out, "general.architecture", "sample");
  put_string(out, "general.name", "A Sample");
  put_number(out, "sample.block_count", 2);
  put_number(out, "sample.context_length", 4096);
  put_number(out, "sample.embedding_length", 64);
  put_number(out, "sample.feed_forward_length", 128);
  put_number(out, "sample.attention.head_count", 4);
  put_number(out, "sample.attention.head_count_kv", 2);
  put_string(out, "tokenizer.chat_template", "{{ messages }}");
  put_text(out, "tokenizer.ggml.tokens");
  put<uint32_t>(out, 9);
  put<uint32_t>(out, 8);
  put<uint64_t>(out, 300);
  for (int i = 0; i < 300; ++i) put_text(out, "token" + std::to_string(i));
  const uint64_t half = payload_bytes / 2;
  put_tensor(out, "output.weight", {half / 4, 0});
  put_tensor(out, "token_embd.weight", {half / 4, half});
  out.resize((out.size() + 31) / 32 * 32);
  std::minstd_rand random(7);
  for (uint64_t i = 0; i < payload_bytes; ++i) out += static_cast<char>(random() & 0x3f);
  return out;
}

std::string sample_zip(std::string_view member, std::string_view content) {
  const std::string packed = deflated(content);
  const auto crc = static_cast<uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size())));
  std::string common;
  put<uint16_t>(common, 20);
  put<uint16_t>(common, 0);
  put<uint16_t>(common, 8);
  put<uint32_t>(common, 0);
  put(common, crc);
  put<uint32_t>(common, static_cast<uint32_t>(packed.size()));
  put<uint32_t>(common, static_cast<uint32_t>(content.size()));
  put<uint16_t>(common, static_cast<uint16_t>(member.size()));
  put<uint16_t>(common, 0);

  std::string zip;
  put<uint32_t>(zip, 0x04034b50);
  zip += common;
  zip += member;
  zip += packed;
  const auto directory = static_cast<uint32_t>(zip.size());
  put<uint32_t>(zip, 0x02014b50);
  put<uint16_t>(zip, 20);
  zip += common;
  zip.append(14, '\0');  // comment, disk, attributes, and the offset of the first member: 0
  zip += member;
  const auto directory_bytes = static_cast<uint32_t>(zip.size()) - directory;
  put<uint32_t>(zip, 0x06054b50);
  zip.append(4, '\0');
  put<uint16_t>(zip, 1);
  put<uint16_t>(zip, 1);
  put(zip, directory_bytes);
  put(zip, directory);
  put<uint16_t>(zip, 0);
  return zip;
}

void write_file(const fs::path& file, std::string_view content) {
  std::ofstream(file, std::ios::binary) << content;
}

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string sha256_of(std::string_view content) {
  Sha256 digest;
  digest.add(content);
  return digest.finish();
}

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = (fs::temp_directory_path() / "melete-test-XXXXXX").string();
  path_ = ::mkdtemp(pattern.data());
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

EnvironmentVariable::EnvironmentVariable(std::string name, const std::string& value)
    : name_(std::move(name)), was_set_(std::getenv(name_.c_str()) != nullptr) {
  if (was_set_) old_ = std::getenv(name_.c_str());
  ::setenv(name_.c_str(), value.c_str(), 1);
}

EnvironmentVariable::~EnvironmentVariable() {
  if (was_set_) {
    ::setenv(name_.c_str(), old_.c_str(), 1);
  } else {
    ::unsetenv(name_.c_str());
  }
}

}  // namespace melete::models
