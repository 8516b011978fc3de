#include "gguf/weight_file.h"

#include <fmt/format.h>
#include <ggml.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "gguf/family.h"

namespace melete::train {

namespace {

constexpr int64_t kPiece = int64_t{1} << 20;  // numbers that are unpacked at a time

// Whole blocks of a type as floats.
void unpack(ggml_type type, const char* bytes, float* numbers, int64_t count) {
  const ggml_to_float_t to_float = ggml_get_type_traits(type)->to_float;
  if (to_float != nullptr) return to_float(bytes, numbers, count);
  std::memcpy(numbers, bytes, static_cast<size_t>(count) * sizeof(float));  // F32 has none
}

}  // namespace

WeightFile::WeightFile(models::GgufFile header, std::filesystem::path file, torch::ScalarType type)
    : header_(std::move(header)),
      file_(std::move(file)),
      type_(type),
      in_(file_, std::ios::binary) {}

torch::Tensor WeightFile::read(const std::string& name, const std::vector<int64_t>& shape) {
  if (problem_) return {};
  read_.insert(name);
  Result<torch::Tensor> tensor = load(name, shape);
  if (tensor) return *tensor;
  problem_ = tensor.error();
  return {};
}

const models::GgufTensor* WeightFile::find(const std::string& name) const {
  const auto found = std::ranges::find(header_.tensors, name, &models::GgufTensor::name);
  return found == header_.tensors.end() ? nullptr : &*found;
}

std::optional<std::vector<int64_t>> WeightFile::shape_of(const std::string& name) const {
  const models::GgufTensor* found = find(name);
  if (found == nullptr) return std::nullopt;
  return std::vector<int64_t>(found->shape.rbegin(), found->shape.rend());
}

Result<const models::GgufTensor*> WeightFile::find(const std::string& name,
                                                   const std::vector<int64_t>& shape) const {
  const models::GgufTensor* found = find(name);
  if (found == nullptr) {
    return cannot_load(fmt::format("its file has no tensor {}", name));
  }
  const std::vector<uint64_t> expected(shape.rbegin(), shape.rend());
  if (found->shape != expected) {
    return cannot_load(fmt::format("its tensor {} has the sides {} where {} belong", name,
                                   fmt::join(found->shape, " and "), fmt::join(expected, " and ")));
  }
  if (!can_load(found->type)) {
    return cannot_load(
        fmt::format("its tensor {} is of the type {}", name, models::gguf_type_name(found->type)));
  }
  return found;
}

Result<torch::Tensor> WeightFile::load(const std::string& name, const std::vector<int64_t>& shape) {
  const Result<const models::GgufTensor*> found = find(name, shape);
  if (!found) return std::unexpected(found.error());
  const models::GgufTensor& tensor = **found;
  const int64_t columns = shape.back();
  const int64_t rows = static_cast<int64_t>(tensor.elements) / columns;
  const int64_t row_bytes = static_cast<int64_t>(tensor.bytes) / rows;
  const int64_t most = std::clamp<int64_t>(kPiece / columns, 1, rows);
  std::vector<char> bytes(most * row_bytes);
  const torch::Tensor numbers = torch::empty({most, columns}, torch::kFloat);
  torch::Tensor weight = torch::empty(shape, shape.size() == 1 ? torch::kFloat : type_);
  const torch::Tensor all_rows = weight.view({rows, columns});
  in_.seekg(static_cast<std::streamoff>(header_.data_start + tensor.offset));
  for (int64_t first = 0; first < rows; first += most) {
    const int64_t count = std::min(most, rows - first);
    if (!in_.read(bytes.data(), count * row_bytes)) {
      return fail(ErrorCode::Corrupt,
                  fmt::format("{} cannot be read to its end: fetch it again.", file_.string()),
                  file_.string());
    }
    unpack(static_cast<ggml_type>(tensor.type), bytes.data(), numbers.data_ptr<float>(),
           count * columns);
    all_rows.narrow(0, first, count).copy_(numbers.narrow(0, 0, count));
  }
  return weight;
}

Result<void> WeightFile::finish() const {
  if (problem_) return std::unexpected(*problem_);
  for (const models::GgufTensor& tensor : header_.tensors) {
    if (!read_.contains(tensor.name)) {
      return cannot_load(fmt::format("nothing is known to do with its tensor {}", tensor.name));
    }
  }
  return {};
}

}  // namespace melete::train
