// A bounded reader: `Reader` knows how many bytes are left and refuses to go beyond them.

#include "models/gguf_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <expected>
#include <fstream>
#include <limits>
#include <set>
#include <utility>

#include "models/gguf_types.h"

namespace melete::models {
namespace {

constexpr uint32_t kMagic = 0x46554747;  // "GGUF"
constexpr uint64_t kHeaderLimit = uint64_t{256} << 20;
constexpr uint64_t kTextLimit = uint64_t{16} << 20;
constexpr uint64_t kNameLimit = 65535;
constexpr uint64_t kKeptNumbers = 4096;
constexpr uint64_t kSmallestEntry = 13;   // a metadata entry: empty key, type, one byte
constexpr uint64_t kSmallestTensor = 32;  // a tensor: empty name, one dimension, type, offset
constexpr uint64_t kDefaultAlignment = 32;
constexpr uint64_t kElementLimit = uint64_t{1} << 48;

enum class ValueType : uint32_t {
  U8,
  I8,
  U16,
  I16,
  U32,
  I32,
  F32,
  Bool,
  Text,
  Array,
  U64,
  I64,
  F64,
};

// Reads little-endian values. After the first failure all reads give zeros and failed() says why,
// so that the callers below check once for each group of fields.
class Reader {
 public:
  Reader(std::istream& in, uint64_t bytes) : in_(in), left_(bytes), header_left_(kHeaderLimit) {}

  uint64_t left() const { return std::min(left_, header_left_); }
  uint64_t position() const { return position_; }
  const std::string& failed() const { return failed_; }

  void refuse(std::string why) {
    if (failed_.empty()) failed_ = std::move(why);
  }

  template <typename T>
  T scalar() {
    T value{};
    if (take(sizeof value)) in_.read(reinterpret_cast<char*>(&value), sizeof value);
    return value;
  }

  std::string text(uint64_t limit) {
    const auto bytes = scalar<uint64_t>();
    if (bytes > limit) refuse(fmt::format("a text of {} bytes is longer than {}", bytes, limit));
    if (!take(bytes)) return {};
    std::string value(bytes, '\0');
    in_.read(value.data(), static_cast<std::streamsize>(bytes));
    return value;
  }

  void skip(uint64_t bytes) {
    if (take(bytes)) in_.ignore(static_cast<std::streamsize>(bytes));
  }

 private:
  bool take(uint64_t bytes) {
    if (bytes > left_) refuse("it ends inside its header: the file is cut off");
    if (bytes > header_left_) refuse("its header is larger than 256 MiB");
    if (!failed_.empty()) return false;
    left_ -= bytes;
    header_left_ -= bytes;
    position_ += bytes;
    return true;
  }

  std::istream& in_;
  uint64_t left_;
  uint64_t header_left_;
  uint64_t position_ = 0;
  std::string failed_;
};

// The bytes of a number of this type; 0 for texts and arrays.
uint64_t width_of(ValueType type) {
  switch (type) {
    case ValueType::U8:
    case ValueType::I8:
    case ValueType::Bool:
      return 1;
    case ValueType::U16:
    case ValueType::I16:
      return 2;
    case ValueType::U32:
    case ValueType::I32:
    case ValueType::F32:
      return 4;
    case ValueType::U64:
    case ValueType::I64:
    case ValueType::F64:
      return 8;
    default:
      return 0;
  }
}

GgufValue read_number(Reader& reader, ValueType type) {
  switch (type) {
    case ValueType::U8:
      return uint64_t{reader.scalar<uint8_t>()};
    case ValueType::I8:
      return int64_t{reader.scalar<int8_t>()};
    case ValueType::U16:
      return uint64_t{reader.scalar<uint16_t>()};
    case ValueType::I16:
      return int64_t{reader.scalar<int16_t>()};
    case ValueType::U32:
      return uint64_t{reader.scalar<uint32_t>()};
    case ValueType::I32:
      return int64_t{reader.scalar<int32_t>()};
    case ValueType::F32:
      return double{reader.scalar<float>()};
    case ValueType::Bool:
      return reader.scalar<uint8_t>() != 0;
    case ValueType::U64:
      return reader.scalar<uint64_t>();
    case ValueType::I64:
      return reader.scalar<int64_t>();
    default:
      return reader.scalar<double>();
  }
}

double as_double(const GgufValue& value) {
  if (const auto* number = std::get_if<uint64_t>(&value)) return static_cast<double>(*number);
  if (const auto* number = std::get_if<int64_t>(&value)) return static_cast<double>(*number);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1 : 0;
  return 0;
}

GgufArray read_array(Reader& reader) {
  const auto type = static_cast<ValueType>(reader.scalar<uint32_t>());
  GgufArray array;
  array.count = reader.scalar<uint64_t>();
  const uint64_t width = width_of(type);
  if (width == 0 && type != ValueType::Text)
    reader.refuse("an array of arrays or of an unknown type");
  const uint64_t least = width == 0 ? sizeof(uint64_t) : width;
  if (array.count > reader.left() / least) {
    reader.refuse(fmt::format("an array of {} values does not fit into the file", array.count));
  }
  if (!reader.failed().empty()) return {};
  if (type == ValueType::Text) {
    for (uint64_t i = 0; i < array.count && reader.failed().empty(); ++i) {
      reader.skip(reader.scalar<uint64_t>());
    }
  } else if (array.count > kKeptNumbers) {
    reader.skip(array.count * width);
  } else {
    for (uint64_t i = 0; i < array.count; ++i) {
      array.numbers.push_back(as_double(read_number(reader, type)));
    }
  }
  return array;
}

void read_entry(Reader& reader, GgufFile& file) {
  std::string key = reader.text(kNameLimit);
  const auto number = reader.scalar<uint32_t>();
  const auto type = static_cast<ValueType>(number);
  GgufValue value;
  if (type == ValueType::Text) {
    value = reader.text(kTextLimit);
  } else if (type == ValueType::Array) {
    value = read_array(reader);
  } else if (width_of(type) > 0) {
    value = read_number(reader, type);
  } else {
    reader.refuse(fmt::format("metadata of the unknown type {}", number));
  }
  if (!reader.failed().empty()) return;
  if (!file.metadata.emplace(std::move(key), std::move(value)).second) {
    reader.refuse("a metadata key is there twice");
  }
}

// Fills in elements and bytes from shape and type.
void measure(Reader& reader, GgufTensor& tensor) {
  const GgufType* type = find_gguf_type(tensor.type);
  if (!type) {
    return reader.refuse(
        fmt::format("tensor {} has the unknown type {}", tensor.name, tensor.type));
  }
  tensor.elements = 1;
  for (const uint64_t side : tensor.shape) {
    if (side == 0 || side > kElementLimit / tensor.elements) {
      return reader.refuse(fmt::format("tensor {} has an impossible shape", tensor.name));
    }
    tensor.elements *= side;
  }
  if (tensor.shape[0] % type->block_elements != 0) {
    return reader.refuse(fmt::format("tensor {} has rows of {} elements, not whole blocks of {}",
                                     tensor.name, tensor.shape[0], type->block_elements));
  }
  tensor.bytes = tensor.elements / type->block_elements * type->block_bytes;
}

GgufTensor read_tensor(Reader& reader) {
  GgufTensor tensor;
  tensor.name = reader.text(kNameLimit);
  const auto dimensions = reader.scalar<uint32_t>();
  if (dimensions < 1 || dimensions > 4) {
    reader.refuse(fmt::format("tensor {} has {} dimensions", tensor.name, dimensions));
    return tensor;
  }
  for (uint32_t i = 0; i < dimensions; ++i) tensor.shape.push_back(reader.scalar<uint64_t>());
  tensor.type = reader.scalar<uint32_t>();
  tensor.offset = reader.scalar<uint64_t>();
  if (reader.failed().empty()) measure(reader, tensor);
  return tensor;
}

// Every tensor must be alone under its name and lie inside the file, aligned.
std::string check_tensors(const GgufFile& file, uint64_t alignment) {
  std::set<std::string_view> names;
  const uint64_t data_bytes = file.file_bytes - std::min(file.data_start, file.file_bytes);
  for (const GgufTensor& tensor : file.tensors) {
    if (!names.insert(tensor.name).second)
      return fmt::format("tensor {} is there twice", tensor.name);
    if (tensor.offset % alignment != 0) return fmt::format("tensor {} is not aligned", tensor.name);
    if (tensor.offset > data_bytes || tensor.bytes > data_bytes - tensor.offset) {
      return fmt::format(
          "tensor {} ends {} bytes into the weights and the file holds {} bytes of them: the "
          "file is cut off, fetch it again",
          tensor.name, static_cast<double>(tensor.offset) + static_cast<double>(tensor.bytes),
          data_bytes);
    }
  }
  return {};
}

// Reads everything into `file`; what is wrong is in reader.failed().
void read_header(Reader& reader, GgufFile& file) {
  if (reader.scalar<uint32_t>() != kMagic) return reader.refuse("it is not a GGUF file");
  file.version = reader.scalar<uint32_t>();
  if (file.version != 2 && file.version != 3) {
    return reader.refuse(fmt::format("its GGUF version is {}; 2 and 3 are known", file.version));
  }
  const auto tensors = reader.scalar<uint64_t>();
  const auto entries = reader.scalar<uint64_t>();
  if (tensors > reader.left() / kSmallestTensor || entries > reader.left() / kSmallestEntry) {
    return reader.refuse(
        fmt::format("it claims {} tensors and {} metadata entries, which do not fit into "
                    "its {} bytes: the file is cut off or damaged",
                    tensors, entries, file.file_bytes));
  }
  for (uint64_t i = 0; i < entries && reader.failed().empty(); ++i) read_entry(reader, file);
  for (uint64_t i = 0; i < tensors && reader.failed().empty(); ++i) {
    file.tensors.push_back(read_tensor(reader));
  }
  if (!reader.failed().empty()) return;

  const auto alignment = static_cast<uint64_t>(
      file.number("general.alignment", static_cast<int64_t>(kDefaultAlignment)));
  if (!std::has_single_bit(alignment) || alignment > (1 << 20)) {
    return reader.refuse(fmt::format("its alignment is {}, not a small power of two", alignment));
  }
  file.data_start = (reader.position() + alignment - 1) / alignment * alignment;
  if (std::string why = check_tensors(file, alignment); !why.empty()) reader.refuse(std::move(why));
}

}  // namespace

std::string GgufFile::text(std::string_view key, std::string_view otherwise) const {
  const auto found = metadata.find(key);
  if (found == metadata.end()) return std::string(otherwise);
  const auto* value = std::get_if<std::string>(&found->second);
  return value ? *value : std::string(otherwise);
}

int64_t GgufFile::number(std::string_view key, int64_t otherwise) const {
  const auto found = metadata.find(key);
  if (found == metadata.end()) return otherwise;
  if (const auto* value = std::get_if<int64_t>(&found->second)) return *value;
  if (const auto* value = std::get_if<uint64_t>(&found->second)) {
    const bool fits = *value <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
    return fits ? static_cast<int64_t>(*value) : otherwise;
  }
  return otherwise;
}

const GgufArray* GgufFile::array(std::string_view key) const {
  const auto found = metadata.find(key);
  return found == metadata.end() ? nullptr : std::get_if<GgufArray>(&found->second);
}

int64_t GgufFile::arch_number(std::string_view key, int64_t otherwise) const {
  return number(fmt::format("{}.{}", architecture(), key), otherwise);
}

const GgufArray* GgufFile::arch_array(std::string_view key) const {
  return array(fmt::format("{}.{}", architecture(), key));
}

Result<GgufFile> read_gguf(std::istream& in, uint64_t file_bytes, std::string_view name) {
  GgufFile file;
  file.file_bytes = file_bytes;
  Reader reader(in, file_bytes);
  read_header(reader, file);
  if (!in) reader.refuse("it could not be read to the end of its header");
  if (reader.failed().empty()) return file;
  return fail(ErrorCode::Corrupt, fmt::format("{} cannot be used: {}", name, reader.failed()),
              std::string(name));
}

Result<GgufFile> read_gguf(const std::filesystem::path& path) {
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) {
    return fail(ErrorCode::Unsupported,
                fmt::format("{} is a directory; give a GGUF file", path.string()), path.string());
  }
  const auto bytes = std::filesystem::file_size(path, failed);
  std::ifstream in(path, std::ios::binary);
  if (failed || !in) {
    return fail(ErrorCode::NotFound, fmt::format("{} cannot be read", path.string()),
                path.string());
  }
  auto file = read_gguf(in, bytes, path.string());
  if (file && file->number("split.count") > 1) {
    return fail(
        ErrorCode::Unsupported,
        fmt::format("{} is one of {} parts of a split model; join them first with llama.cpp's "
                    "llama-gguf-split --merge",
                    path.string(), file->number("split.count")),
        path.string());
  }
  return file;
}

std::string gguf_type_name(uint32_t type) {
  const GgufType* found = find_gguf_type(type);
  return found ? std::string(found->name) : fmt::format("type {}", type);
}

}  // namespace melete::models
