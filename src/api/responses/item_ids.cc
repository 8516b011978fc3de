#include "api/responses/item_ids.h"

#include <fmt/format.h>

namespace melete::api::responses {

namespace {

constexpr std::string_view kResponse = "resp_";

std::string_view prefix_of(std::string_view type) {
  if (type == "message") return "msg";
  if (type == "reasoning") return "rs";
  if (type == "function_call") return "fc";
  if (type == "function_call_output") return "fco";
  if (type == "compaction") return "cmp";
  return "item";
}

}  // namespace

std::string_view stem_of(std::string_view response_id) {
  if (response_id.starts_with(kResponse)) response_id.remove_prefix(kResponse.size());
  return response_id;
}

std::string output_item_id(std::string_view type, std::string_view stem, size_t index) {
  return fmt::format("{}_{}_{}", prefix_of(type), stem, index);
}

std::string input_item_id(std::string_view type, std::string_view stem, size_t index) {
  return fmt::format("{}_{}_i{}", prefix_of(type), stem, index);
}

std::string response_of_item(std::string_view item_id) {
  const size_t begin = item_id.find('_');
  const size_t end = item_id.rfind('_');
  if (begin == std::string_view::npos || begin == end) return {};
  return std::string(kResponse).append(item_id.substr(begin + 1, end - begin - 1));
}

}  // namespace melete::api::responses
