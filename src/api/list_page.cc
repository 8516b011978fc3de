#include "api/list_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace melete::api {

namespace {

constexpr int kMostItems = 100;

std::unexpected<Error> wrong(std::string_view name, std::string_view value, std::string_view right) {
  return fail(ErrorCode::InvalidArgument, fmt::format("{} is \"{}\": use {}", name, value, right),
              std::string(name));
}

}  // namespace

Result<store::Page> read_page(const ResourceRequest& request) {
  store::Page page;
  if (const auto limit = request.query.find("limit"); limit != request.query.end()) {
    const std::string& text = limit->second;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, page.limit);
    if (read.ec != std::errc() || read.ptr != end || page.limit < 1 || page.limit > kMostItems) {
      return wrong("limit", text, "a number from 1 to 100");
    }
  }
  if (const auto order = request.query.find("order"); order != request.query.end()) {
    if (order->second != "asc" && order->second != "desc") {
      return wrong("order", order->second, "asc or desc");
    }
    page.ascending = order->second == "asc";
  }
  if (const auto after = request.query.find("after"); after != request.query.end()) {
    page.after = after->second;
  }
  return page;
}

Json list_object(Json items, bool has_more) {
  const auto id_of = [&items](size_t index) {
    return items.empty() ? Json(nullptr) : items.at(index).at("id");
  };
  Json list{{"object", "list"}};
  list["first_id"] = id_of(0);
  list["last_id"] = items.empty() ? Json(nullptr) : id_of(items.size() - 1);
  list["has_more"] = has_more;
  list["data"] = std::move(items);
  return list;
}

Result<Json> list_part(const Json& items, const store::Page& page) {
  Json ordered = items;
  if (!page.ascending) std::ranges::reverse(ordered);
  auto first = ordered.begin();
  if (!page.after.empty()) {
    first = std::ranges::find_if(ordered,
                                 [&](const Json& item) { return item.value("id", "") == page.after; });
    if (first == ordered.end()) {
      return fail(ErrorCode::NotFound,
                  fmt::format("after is \"{}\", which is not in this list.", page.after), "after");
    }
    ++first;
  }
  const auto left = ordered.end() - first;
  const auto count = std::min<std::ptrdiff_t>(left, page.limit);
  Json part = Json::array();
  for (auto item = first; item != first + count; ++item) part.push_back(*item);
  return list_object(std::move(part), left > count);
}

}  // namespace melete::api
