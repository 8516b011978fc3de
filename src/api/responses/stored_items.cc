#include "api/responses/stored_items.h"

#include <fmt/format.h>

#include <utility>

#include "api/responses/item_ids.h"
#include "store/history.h"

namespace melete::api::responses {

namespace {

Result<Json> conversation_items(const std::string& id, const Memory& memory) {
  Json items = Json::array();
  store::Page page{.limit = 100, .ascending = true};
  while (true) {
    const auto part = memory.database->conversations().items(id, memory.owner, page);
    if (!part) return std::unexpected(part.error());
    for (const store::ConversationItem& item : part->data) {
      auto json = parse_json(item.json);
      if (!json) return std::unexpected(json.error());
      items.push_back(std::move(*json));
    }
    if (!part->has_more) return items;
    page.after = part->data.back().id;
  }
}

Result<Json> find_in_response(const std::string& item_id, const Memory& memory) {
  const auto turn = memory.database->responses().find_turn(response_of_item(item_id), memory.owner);
  if (!turn) return std::unexpected(turn.error());
  const auto input = parse_json(turn->input);
  const auto response = parse_json(turn->response);
  for (const Json* items :
       {input ? &*input : nullptr,
        response && response->contains("output") ? &response->at("output") : nullptr}) {
    if (!items) continue;
    for (const Json& item : *items) {
      if (item.value("id", "") == item_id) return item;
    }
  }
  return fail(ErrorCode::NotFound, fmt::format("There is no item {} here.", item_id));
}

Result<Json> find_item(const std::string& id, const StateFields& state, const Memory& memory) {
  if (!memory.database) return fail(ErrorCode::NotFound, "Nothing is stored here.");
  auto found = find_in_response(id, memory);
  if (found || found.error().code != ErrorCode::NotFound || state.conversation.empty()) {
    return found;
  }
  const auto item = memory.database->conversations().item(state.conversation, memory.owner, id);
  if (!item) return std::unexpected(item.error());
  return parse_json(item->json);
}

// The item that `reference` names; an error goes to the reader.
Json resolve(ObjectReader& reference, const StateFields& state, const Memory& memory) {
  reference.require("id");
  const auto id = reference.text("id", {.least_bytes = 1, .most_bytes = 128});
  if (!id) return {};
  auto item = find_item(*id, state, memory);
  if (item) return std::move(*item);
  const bool missing = item.error().code == ErrorCode::NotFound;
  reference.refuse(
      item.error().code, "id",
      missing ? fmt::format("{} is \"{}\", but there is no such item", reference.path_of("id"), *id)
              : item.error().message);
  return {};
}

}  // namespace

Json earlier_items(ObjectReader& fields, const StateFields& state, const Memory& memory) {
  const bool follows = !state.previous_id.empty();
  if (fields.error() || (!follows && state.conversation.empty())) return Json::array();
  if (follows && memory.turns) {
    if (auto recent = memory.turns->find(state.previous_id)) return std::move(*recent);
  }
  if (!memory.database) {
    fields.refuse(ErrorCode::NotFound, "previous_response_id",
                  fmt::format("This connection has no response {} any more: send the whole "
                              "conversation in `input`.",
                              state.previous_id));
    return Json::array();
  }
  auto items = follows
                   ? store::history(memory.database->responses(), state.previous_id, memory.owner)
                   : conversation_items(state.conversation, memory);
  if (items) return std::move(*items);
  fields.refuse(items.error().code, follows ? "previous_response_id" : "conversation",
                items.error().message);
  return Json::array();
}

Json own_items(ObjectReader& fields, const StateFields& state, const Memory& memory,
               std::string_view stem) {
  const Json* input = fields.any("input");
  if (!input) return Json::array();
  if (input->is_string()) {
    return Json::array({{{"type", "message"},
                         {"id", input_item_id("message", stem, 0)},
                         {"role", "user"},
                         {"content", Json::array({{{"type", "input_text"}, {"text", *input}}})}}});
  }
  if (!fields.array("input")) return Json::array();
  Json items = *input;
  for (size_t index = 0; index < items.size(); ++index) {
    Json& item = items[index];
    if (!item.is_object()) continue;
    if (item.value("type", Json()) == "item_reference") {
      auto reference = element_reader(*input, index, fields, "input");
      if (reference) item = resolve(*reference, state, memory);
      if (fields.error()) break;
    }
    item.emplace("type", "message");
    const Json& type = item["type"];
    item["id"] = input_item_id(type.is_string() ? type.get<std::string>() : "", stem, index);
  }
  return items;
}

}  // namespace melete::api::responses
