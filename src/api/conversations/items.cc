#include "api/conversations/items.h"

#include <array>
#include <utility>

#include "api/conversations/read_items.h"
#include "api/conversations/write_conversation.h"
#include "api/field_rules.h"
#include "api/list_page.h"
#include "api/resource_body.h"

namespace melete::api::conversations {

namespace {

constexpr size_t kMostAdded = 20;

constexpr std::array kAddFields = std::to_array<std::string_view>({"items"});

Result<std::string> write_list(const store::PageOf<store::ConversationItem>& page) {
  Json data = Json::array();
  for (const store::ConversationItem& item : page.data) {
    auto json = read_stored(item.json);
    if (!json) return std::unexpected(json.error());
    data.push_back(std::move(*json));
  }
  return write_json(list_object(std::move(data), page.has_more));
}

}  // namespace

Result<std::string> add_items(const ResourceRequest& request, store::Database& stores) {
  const auto body = read_object(request);
  if (!body) return std::unexpected(body.error());
  FirstError error;
  ObjectReader fields(*body, "", error);
  check_fields(fields, {.known = kAddFields});
  fields.require("items");
  auto items = read_items(fields, {.least = 1, .most = kMostAdded});
  if (error) return std::unexpected(*error);
  const auto added = stores.conversations().add_items(request.ids.at(0), request.owner, items);
  if (!added) return std::unexpected(added.error());
  return write_list({std::move(items), false});
}

Result<std::string> list_items(const ResourceRequest& request, store::Database& stores) {
  const auto page = read_page(request);
  if (!page) return std::unexpected(page.error());
  const auto items = stores.conversations().items(request.ids.at(0), request.owner, *page);
  if (!items) return std::unexpected(items.error());
  return write_list(*items);
}

Result<std::string> retrieve_item(const ResourceRequest& request, store::Database& stores) {
  auto item = stores.conversations().item(request.ids.at(0), request.owner, request.ids.at(1));
  if (!item) return std::unexpected(item.error());
  return std::move(item->json);
}

Result<std::string> erase_item(const ResourceRequest& request, store::Database& stores) {
  const std::string& id = request.ids.at(0);
  const auto erased = stores.conversations().erase_item(id, request.owner, request.ids.at(1));
  if (!erased) return std::unexpected(erased.error());
  const auto conversation = stores.conversations().find(id, request.owner);
  if (!conversation) return std::unexpected(conversation.error());
  return write_conversation(*conversation);
}

}  // namespace melete::api::conversations
