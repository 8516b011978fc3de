#include "models/adapter.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <variant>

namespace melete::models {
namespace {

constexpr std::string_view kFirst = ".lora_a";
constexpr std::string_view kSecond = ".lora_b";
constexpr std::string_view kNorm = "_norm.weight";  // llama.cpp passes over these
constexpr std::string_view kEmbedding = "token_embd.weight";
constexpr std::array<std::string_view, 4> kTypes{"F32", "F16", "BF16", "Q8_0"};

struct Pair {
  const GgufTensor* first = nullptr;
  const GgufTensor* second = nullptr;
};

uint64_t side(const GgufTensor& tensor, size_t dimension) {
  return dimension < tensor.shape.size() ? tensor.shape[dimension] : 1;
}

std::string shape_text(const GgufTensor& tensor) {
  return fmt::format("{}", fmt::join(tensor.shape, " x "));
}

const GgufTensor* find_tensor(const GgufFile& file, std::string_view name) {
  const auto found = std::ranges::find(file.tensors, name, &GgufTensor::name);
  return found == file.tensors.end() ? nullptr : &*found;
}

// Experts lie side by side in a third dimension, the same in all three tensors.
bool fits_matrix(const Pair& pair, const GgufTensor& matrix) {
  const auto& [first, second] = pair;
  return side(*first, 0) == side(matrix, 0) && side(*second, 1) == side(matrix, 1) &&
         side(*first, 1) == side(*second, 0) && side(*first, 2) == side(matrix, 2) &&
         side(*second, 2) == side(matrix, 2) && side(*first, 3) * side(*second, 3) == 1;
}

// Of the table of embeddings the first one is read row by row, as the table itself is.
bool fits_embedding(const Pair& pair, const GgufTensor& table) {
  const auto& [first, second] = pair;
  return side(*second, 1) == side(table, 0) && side(*first, 1) == side(table, 1) &&
         side(*first, 0) == side(*second, 0) && first->shape.size() == 2 &&
         second->shape.size() == 2;
}

std::string problem_of_kind(const GgufFile& adapter, const GgufFile& base) {
  if (adapter.text("general.type") != "adapter" || adapter.text("adapter.type") != "lora") {
    return "it is no LoRA adapter";
  }
  if (adapter.architecture() != base.architecture()) {
    return fmt::format("it was made for the architecture {}, and the model is {}",
                       adapter.architecture(), base.architecture());
  }
  if (adapter.has("adapter.alora.invocation_tokens")) {
    return "it waits for tokens that call for it (aLoRA), and only those that always hold are "
           "known here";
  }
  const auto alpha = adapter.metadata.find("adapter.lora.alpha");
  if (alpha != adapter.metadata.end() && !std::holds_alternative<double>(alpha->second)) {
    return "its adapter.lora.alpha is not a float";
  }
  return {};
}

std::string problem_of_pair(const std::string& name, const Pair& pair, const GgufFile& base) {
  const auto& [first, second] = pair;
  if (!first || !second) {
    return fmt::format("it has {}{} without its other half", name, first ? kFirst : kSecond);
  }
  const GgufTensor* matrix = find_tensor(base, name);
  if (!matrix) return fmt::format("it changes {}, which the model does not have", name);
  const bool embeds = name.ends_with(kEmbedding);
  if (embeds && !find_tensor(base, "output.weight")) {
    return fmt::format("it changes {}, which this model writes with as well", name);
  }
  if (!(embeds ? fits_embedding(pair, *matrix) : fits_matrix(pair, *matrix))) {
    return fmt::format("the model's {} is {}, and its pair of {} and {} does not fit that", name,
                       shape_text(*matrix), shape_text(*first), shape_text(*second));
  }
  for (const GgufTensor* tensor : {first, second}) {
    const std::string type = gguf_type_name(tensor->type);
    if (std::ranges::find(kTypes, type) != kTypes.end()) continue;
    return fmt::format("its {} is stored as {}: convert it to one of {}", tensor->name, type,
                       fmt::join(kTypes, ", "));
  }
  return {};
}

}  // namespace

std::string problem_of_adapter(const GgufFile& adapter, const GgufFile& base) {
  if (std::string problem = problem_of_kind(adapter, base); !problem.empty()) return problem;
  std::map<std::string, Pair> pairs;
  for (const GgufTensor& tensor : adapter.tensors) {
    const std::string_view name = tensor.name;
    if (name.ends_with(kFirst)) {
      pairs[std::string(name.substr(0, name.size() - kFirst.size()))].first = &tensor;
    } else if (name.ends_with(kSecond)) {
      pairs[std::string(name.substr(0, name.size() - kSecond.size()))].second = &tensor;
    } else if (!name.ends_with(kNorm)) {
      return fmt::format("its {} is no part of a LoRA adapter", name);
    }
  }
  if (pairs.empty()) return "it changes nothing";
  for (const auto& [name, pair] : pairs) {
    if (std::string problem = problem_of_pair(name, pair, base); !problem.empty()) return problem;
  }
  return {};
}

int reasoning_percent(const std::filesystem::path& adapter) {
  const auto header = read_gguf(adapter);
  if (!header) return 0;
  return static_cast<int>(
      std::clamp<int64_t>(header->number("melete.compression.reasoning_percent"), 0, 1000));
}

Result<void> check_adapters(std::span<const AdapterFile> adapters, const GgufFile& base) {
  std::set<std::string_view> names;
  for (const AdapterFile& adapter : adapters) {
    if (!names.insert(adapter.name).second) {
      return fail(
          ErrorCode::InvalidArgument,
          fmt::format("the adapter {} is given twice: give each a name of its own", adapter.name),
          "adapter");
    }
    const Result<GgufFile> header = read_gguf(adapter.file);
    if (!header) {
      return fail(header.error().code,
                  fmt::format("the adapter {}: {}", adapter.name, header.error().message),
                  "adapter");
    }
    const std::string problem = problem_of_adapter(*header, base);
    if (problem.empty()) continue;
    return fail(ErrorCode::InvalidArgument,
                fmt::format("the adapter {} ({}) does not fit the model: {}", adapter.name,
                            adapter.file.string(), problem),
                "adapter");
  }
  return {};
}

}  // namespace melete::models
