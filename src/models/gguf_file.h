// Reads the header of a GGUF file: metadata, and what tensors it holds. Never the weights.
//
// The reader trusts nothing: every count and length is held against the bytes that are left,
// tensors must lie inside the file, and a file that is cut, absurd or something else is Corrupt
// with the reason. It stands before every other use of a model file, since ggml ends the process on
// some malformed ones.
//
// The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (versions 2 and 3,
// little-endian).

#pragma once

#include <cstdint>
#include <filesystem>
#include <istream>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"

namespace melete::models {

// An array of metadata. Short arrays of numbers are kept; of the long ones (vocabularies) only the
// count.
struct GgufArray {
  uint64_t count = 0;
  std::vector<double> numbers;  // `count` of them, or none
};

using GgufValue = std::variant<uint64_t, int64_t, double, bool, std::string, GgufArray>;

struct GgufTensor {
  std::string name;
  std::vector<uint64_t> shape;  // fastest dimension first, 1 to 4 of them
  uint32_t type = 0;            // ggml's number of the type
  uint64_t offset = 0;          // from the start of the data section
  uint64_t elements = 0;
  uint64_t bytes = 0;
};

struct GgufFile {
  uint32_t version = 0;
  uint64_t file_bytes = 0;
  uint64_t data_start = 0;  // where tensor data begins in the file
  std::map<std::string, GgufValue, std::less<>> metadata;
  std::vector<GgufTensor> tensors;

  // The value under `key`; `otherwise` where there is none or it is of another kind. Any integer or
  // float counts as a number.
  std::string text(std::string_view key, std::string_view otherwise = "") const;
  int64_t number(std::string_view key, int64_t otherwise = 0) const;
  const GgufArray* array(std::string_view key) const;
  bool has(std::string_view key) const { return metadata.contains(key); }

  // The same under the architecture's prefix: arch_number("context_length") of a qwen2 file reads
  // "qwen2.context_length".
  std::string architecture() const { return text("general.architecture"); }
  int64_t arch_number(std::string_view key, int64_t otherwise = 0) const;
  const GgufArray* arch_array(std::string_view key) const;
};

// Reads from the start of `in`, which is `file_bytes` long. `name` is used in errors. Fails with
// Corrupt. Memory is bounded by the size of the header; 256 MiB of header at most.
Result<GgufFile> read_gguf(std::istream& in, uint64_t file_bytes, std::string_view name);

// The same for a file. Also fails with NotFound, and with Unsupported for a directory or one part
// of a split model.
Result<GgufFile> read_gguf(const std::filesystem::path& file);

// "Q4_K", "F16", ... of a ggml type number; "type 77" where it is not known.
std::string gguf_type_name(uint32_t type);

}  // namespace melete::models
