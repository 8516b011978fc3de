#include "api/responses/state_fields.h"

namespace melete::api::responses {

namespace {

constexpr TextLimits kId{.least_bytes = 1, .most_bytes = 128};

// An id, or an object with one.
std::string read_conversation(ObjectReader& fields) {
  const Json* value = fields.any("conversation");
  if (!value || !value->is_object()) return fields.text("conversation", kId).value_or("");
  auto conversation = fields.object("conversation");
  conversation->require("id");
  return conversation->text("id", kId).value_or("");
}

// A list that may hold one kind of thing, once.
std::optional<int64_t> read_compaction(ObjectReader& fields, const Memory& memory) {
  const Json* list = fields.array("context_management", {.most = 1});
  if (!list || list->empty()) return std::nullopt;
  auto element = element_reader(*list, 0, fields, "context_management");
  if (!element) return std::nullopt;
  element->require("type");
  element->choice("type", {"compaction"});
  element->require("compact_threshold");
  const auto threshold = element->integer("compact_threshold", {1, 1 << 24});
  if (memory.seal) return threshold;
  element->refuse(ErrorCode::Unsupported, "type",
                  "compaction needs the key of the server's database, which it has not");
  return std::nullopt;
}

void check_together(ObjectReader& fields, const StateFields& state) {
  const auto refuse = [&fields](std::string_view name, std::string message) {
    fields.refuse(ErrorCode::InvalidArgument, name, std::move(message));
  };
  if (state.background && !state.store) {
    refuse("background", "background needs a stored answer: leave store out, or say true");
  }
  if (!state.conversation.empty() && !state.store) {
    refuse("conversation", "conversation needs a stored answer: leave store out, or say true");
  }
  if (!state.conversation.empty() && !state.previous_id.empty()) {
    refuse("previous_response_id",
           "previous_response_id and conversation exclude each other: leave one out");
  }
}

}  // namespace

StateFields read_state_fields(ObjectReader& fields, const Memory& memory) {
  StateFields state;
  state.truncate = fields.choice("truncation", {"auto", "disabled"}) == "auto";
  if (memory.database || memory.turns) {
    state.previous_id = fields.text("previous_response_id", kId).value_or("");
  }
  if (!memory.database) return state;
  state.store = fields.boolean("store").value_or(true);
  state.background = fields.boolean("background").value_or(false);
  state.conversation = read_conversation(fields);
  state.compact_above = read_compaction(fields, memory);
  check_together(fields, state);
  return state;
}

}  // namespace melete::api::responses
