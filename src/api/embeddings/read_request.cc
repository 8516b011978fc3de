#include "api/embeddings/read_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "api/embeddings/common_fields.h"
#include "api/object_reader.h"
#include "api/parse_body.h"

namespace melete::api::embeddings {

namespace {

constexpr size_t kMostInputs = 2048;
constexpr int64_t kMostDimensions = 65536;
constexpr size_t kMostNameBytes = 512;

void refuse_input(ObjectReader& fields, const std::string& path) {
  fields.refuse(ErrorCode::InvalidArgument, path,
                fmt::format("{} must be a text that is not empty, or a list of tokens", path));
}

bool is_token(const Json& value) {
  return value.is_number_integer() && value >= 0 && value <= std::numeric_limits<int32_t>::max();
}

bool is_tokens(const Json& value) {
  return value.is_array() && !value.empty() && std::ranges::all_of(value, is_token);
}

// One text or one list of tokens.
void read_one(ObjectReader& fields, const Json& value, const std::string& path,
              std::vector<chat::EmbedInput>& inputs) {
  if (value.is_string() && !value.get_ref<const std::string&>().empty()) {
    inputs.emplace_back(value.get<std::string>());
  } else if (is_tokens(value)) {
    inputs.emplace_back(value.get<std::vector<int32_t>>());
  } else {
    refuse_input(fields, path);
  }
}

std::vector<chat::EmbedInput> read_inputs(ObjectReader& fields) {
  std::vector<chat::EmbedInput> inputs;
  fields.require("input");
  const Json* value = fields.any("input");
  if (!value) return inputs;
  const bool one = !value->is_array() || is_tokens(*value);
  if (one) {
    read_one(fields, *value, "input", inputs);
    return inputs;
  }
  if (value->empty() || value->size() > kMostInputs) {
    fields.refuse(ErrorCode::InvalidArgument, "input",
                  fmt::format("input has {} entries and must have between 1 and {}", value->size(),
                              kMostInputs));
    return inputs;
  }
  for (size_t index = 0; index < value->size(); ++index) {
    read_one(fields, (*value)[index], fmt::format("input[{}]", index), inputs);
  }
  return inputs;
}

}  // namespace

Result<ReadRequest> read_request(std::string_view body) {
  const auto json = parse_body(body, R"({"input": "Hello"})");
  if (!json) return std::unexpected(json.error());
  FirstError error;
  ObjectReader fields(*json, "", error);
  ReadRequest read;
  check_fields(fields);
  read.request.model = fields.text("model", {.most_bytes = kMostNameBytes}).value_or("");
  read.request.inputs = read_inputs(fields);
  if (fields.choice("encoding_format", {"float", "base64"}) == "base64") {
    read.encoding = Encoding::Base64;
  }
  if (const auto dimensions = fields.integer("dimensions", {1, kMostDimensions})) {
    read.request.dimensions = static_cast<int>(*dimensions);
  }
  fields.text("user", {.most_bytes = kMostNameBytes});
  if (error) return std::unexpected(*error);
  return read;
}

}  // namespace melete::api::embeddings
