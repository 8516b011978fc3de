#include "api/responses/stored_items.h"

#include <fmt/format.h>

#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "api/responses/item_ids.h"
#include "api/responses/read_input.h"
#include "store/history.h"

namespace melete::api::responses {

namespace {

Result<Json> conversation_items(const std::string& id, const Memory& memory) {
  Json items = Json::array();
  size_t bytes = 0;
  store::Page page{.limit = 100, .ascending = true};
  while (true) {
    const auto part = memory.database->conversations().items(id, memory.owner, page);
    if (!part) return std::unexpected(part.error());
    for (const store::ConversationItem& item : part->data) {
      bytes += item.json.size();
      if (bytes > store::HistoryLimits{}.bytes) {
        return fail(ErrorCode::TooLarge,
                    fmt::format("The conversation {} is larger than 32 MiB: begin another.", id));
      }
      auto json = parse_json(item.json);
      if (!json) return std::unexpected(json.error());
      items.push_back(std::move(*json));
    }
    if (!part->has_more) return items;
    page.after = part->data.back().id;
  }
}

Error too_large() {
  return {ErrorCode::TooLarge, "What the input refers to is larger than 32 MiB: send less of it."};
}

// What the references of one request name. Each stored turn is read once, and what is read and what
// is taken of it is bounded: a reference is short, an item is not.
class Referred {
 public:
  Referred(const StateFields& state, const Memory& memory) : state_(state), memory_(memory) {}

  Result<Json> item(const std::string& id) {
    auto found = find(id);
    if (!found) return found;
    taken_ += write_json(*found).size();
    if (taken_ > kMostBytes) return std::unexpected(too_large());
    return found;
  }

 private:
  static constexpr size_t kMostBytes = 32u << 20;
  static constexpr size_t kMostRead = 2 * kMostBytes;

  Result<Json> find(const std::string& id) {
    if (!memory_.database) return fail(ErrorCode::NotFound, "Nothing is stored here.");
    const std::string response = response_of_item(id);
    if (turns_.insert(response).second) {
      const auto read = read_turn(response);
      if (!read && read.error().code != ErrorCode::NotFound) return std::unexpected(read.error());
    }
    if (const auto known = items_.find(id); known != items_.end()) return known->second;
    if (state_.conversation.empty()) {
      return fail(ErrorCode::NotFound, fmt::format("There is no item {} here.", id));
    }
    const auto item =
        memory_.database->conversations().item(state_.conversation, memory_.owner, id);
    if (!item) return std::unexpected(item.error());
    return parse_json(item->json);
  }

  Result<void> read_turn(const std::string& response_id) {
    const auto turn = memory_.database->responses().find_turn(response_id, memory_.owner);
    if (!turn) return std::unexpected(turn.error());
    read_ += turn->input.size() + turn->response.size();
    if (read_ > kMostRead) {
      return fail(ErrorCode::TooLarge,
                  "The turns that the input refers to hold more than 64 MiB together: refer to "
                  "fewer of them.");
    }
    const auto input = parse_json(turn->input);
    if (input) keep(*input);
    const auto response = parse_json(turn->response);
    if (response && response->contains("output")) keep(response->at("output"));
    return {};
  }

  void keep(const Json& items) {
    for (const Json& item : items) {
      const auto id = item.find("id");
      if (id != item.end() && id->is_string()) items_.try_emplace(id->get<std::string>(), item);
    }
  }

  const StateFields& state_;
  const Memory& memory_;
  std::set<std::string> turns_;                  // that were read
  std::unordered_map<std::string, Json> items_;  // of these, by id
  size_t read_ = 0;                              // bytes
  size_t taken_ = 0;                             // bytes
};

// The item that `reference` names; an error goes to the reader.
Json resolve(ObjectReader& reference, Referred& referred) {
  reference.require("id");
  const auto id = reference.text("id", {.least_bytes = 1, .most_bytes = 128});
  if (!id) return {};
  auto item = referred.item(*id);
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
  if (!fields.array("input", {.most = kMostItems})) return Json::array();
  Referred referred(state, memory);
  Json items = *input;
  for (size_t index = 0; index < items.size(); ++index) {
    Json& item = items[index];
    if (!item.is_object()) continue;
    if (item.value("type", Json()) == "item_reference") {
      auto reference = element_reader(*input, index, fields, "input");
      if (reference) item = resolve(*reference, referred);
      if (fields.error()) break;
    }
    Json& type = item["type"];
    if (type.is_null()) type = "message";
    item["id"] = input_item_id(type.is_string() ? type.get<std::string>() : "", stem, index);
  }
  return items;
}

}  // namespace melete::api::responses
