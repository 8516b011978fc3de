#include "api/list_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace melete::api {

namespace {

std::unexpected<Error> wrong(std::string_view name, std::string_view value,
                             std::string_view right) {
  return fail(ErrorCode::InvalidArgument, fmt::format("{} is \"{}\": use {}", name, value, right),
              std::string(name));
}

Result<int> read_limit(const std::string& text, int most) {
  int limit = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, limit);
  if (read.ec == std::errc() && read.ptr == end && limit >= 1 && limit <= most) return limit;
  return wrong("limit", text, fmt::format("a number from 1 to {}", most));
}

}  // namespace

Result<store::Page> read_page(const ResourceRequest& request, PageLimits limits) {
  store::Page page{.limit = limits.usual};
  const auto& query = request.query;
  if (const auto given = query.find("limit"); given != query.end()) {
    const auto limit = read_limit(given->second, limits.most);
    if (!limit) return std::unexpected(limit.error());
    page.limit = *limit;
  }
  if (const auto order = query.find("order"); order != query.end()) {
    if (order->second != "asc" && order->second != "desc") {
      return wrong("order", order->second, "asc or desc");
    }
    page.ascending = order->second == "asc";
  }
  if (const auto after = query.find("after"); after != query.end()) page.after = after->second;
  return page;
}

Json list_object(Json items, bool has_more) {
  const Json first = items.empty() ? Json() : items.front().at("id");
  const Json last = items.empty() ? Json() : items.back().at("id");
  return {{"object", "list"},
          {"data", std::move(items)},
          {"first_id", first},
          {"last_id", last},
          {"has_more", has_more}};
}

Result<Json> list_part(const Json& items, const store::Page& page) {
  Json ordered = items;
  if (!page.ascending) std::ranges::reverse(ordered);
  auto first = ordered.begin();
  if (!page.after.empty()) {
    first = std::ranges::find_if(
        ordered, [&](const Json& item) { return item.value("id", "") == page.after; });
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
