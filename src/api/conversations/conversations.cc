#include "api/conversations/conversations.h"

#include <array>
#include <utility>

#include "api/conversations/read_items.h"
#include "api/conversations/write_conversation.h"
#include "api/field_rules.h"
#include "api/metadata.h"
#include "api/resource_body.h"
#include "base/ids.h"
#include "base/json.h"
#include "base/unix_time.h"

namespace melete::api::conversations {

namespace {

constexpr size_t kMostFirstItems = 20;

constexpr std::array kCreateFields = std::to_array<std::string_view>({"items", "metadata"});
constexpr std::array kUpdateFields = std::to_array<std::string_view>({"metadata"});

}  // namespace

Result<std::string> create(const ResourceRequest& request, store::Database& stores) {
  const auto body = read_object(request);
  if (!body) return std::unexpected(body.error());
  FirstError error;
  ObjectReader fields(*body, "", error);
  check_fields(fields, {.known = kCreateFields});
  const auto items = read_items(fields, {.most = kMostFirstItems});
  const Json metadata = read_metadata(fields).value_or(Json::object());
  if (error) return std::unexpected(*error);
  const store::Conversation conversation{.id = make_id("conv_"),
                                         .owner = request.owner,
                                         .created_at = unix_seconds(),
                                         .metadata = write_json(metadata)};
  if (auto made = stores.conversations().create(conversation, items); !made) {
    return std::unexpected(made.error());
  }
  return write_conversation(conversation);
}

Result<std::string> retrieve(const ResourceRequest& request, store::Database& stores) {
  const auto found = stores.conversations().find(request.ids.at(0), request.owner);
  if (!found) return std::unexpected(found.error());
  return write_conversation(*found);
}

Result<std::string> update(const ResourceRequest& request, store::Database& stores) {
  const auto body = read_object(request);
  if (!body) return std::unexpected(body.error());
  FirstError error;
  ObjectReader fields(*body, "", error);
  check_fields(fields, {.known = kUpdateFields});
  fields.require("metadata");
  const auto metadata = read_metadata(fields);
  if (error) return std::unexpected(*error);
  const auto updated = stores.conversations().update_metadata(request.ids.at(0), request.owner,
                                                              write_json(*metadata));
  if (!updated) return std::unexpected(updated.error());
  return retrieve(request, stores);
}

Result<std::string> erase(const ResourceRequest& request, store::Database& stores) {
  const std::string& id = request.ids.at(0);
  if (auto erased = stores.conversations().erase(id, request.owner); !erased) {
    return std::unexpected(erased.error());
  }
  return write_json({{"id", id}, {"object", "conversation.deleted"}, {"deleted", true}});
}

}  // namespace melete::api::conversations
