#include "api/responses/output_items.h"

#include <utility>

#include "api/logprobs.h"
#include "api/responses/compact.h"
#include "api/responses/item_ids.h"

namespace melete::api::responses {

void OutputItems::open(Kind kind, Json item) {
  // What was written of a call that was cut may follow it as text.
  const bool cut = kind_ == Kind::Call && !parse_json(text_);
  if (kind_ != Kind::None) close(cut ? "incomplete" : "completed");
  kind_ = kind;
  item_ = std::move(item);
  text_.clear();
  logprobs_ = Json::array();
  tell_("response.output_item.added", {{"output_index", done_.size()}, {"item", item_}});
}

// Of the item that is opened next, once the open one is closed.
std::string OutputItems::next_id(std::string_view type) const {
  return output_item_id(type, stem_, done_.size() + (kind_ == Kind::None ? 0 : 1));
}

// Where the open item stands among the others.
Json OutputItems::place() const {
  return {{"item_id", item_.at("id")}, {"output_index", done_.size()}};
}

// The open item's only part.
Json OutputItems::part() const {
  if (kind_ == Kind::Reasoning) return {{"type", "reasoning_text"}, {"text", text_}};
  return {{"type", "output_text"},
          {"text", text_},
          {"annotations", Json::array()},
          {"logprobs", logprobs_}};
}

void OutputItems::open_part(Kind kind) {
  if (kind_ == kind) return;
  if (kind == Kind::Reasoning) {
    open(kind, {{"type", "reasoning"},
                {"id", next_id("reasoning")},
                {"summary", Json::array()},
                {"content", Json::array()},
                {"status", "in_progress"}});
  } else {
    open(kind, {{"type", "message"},
                {"id", next_id("message")},
                {"status", "in_progress"},
                {"role", "assistant"},
                {"content", Json::array()}});
  }
  Json fields = place();
  fields["content_index"] = 0;
  fields["part"] = part();
  tell_("response.content_part.added", fields);
}

void OutputItems::add(const chat::ReasoningDelta& delta) {
  open_part(Kind::Reasoning);
  text_ += delta.text;
  Json fields = place();
  fields["content_index"] = 0;
  fields["delta"] = delta.text;
  tell_("response.reasoning_text.delta", fields);
}

void OutputItems::add(const chat::TextDelta& delta) {
  open_part(Kind::Message);
  text_ += delta.text;
  Json fields = place();
  fields["content_index"] = 0;
  fields["delta"] = delta.text;
  fields["logprobs"] = logprobs_array(delta.logprobs);
  for (const Json& entry : fields["logprobs"]) logprobs_.push_back(entry);
  tell_("response.output_text.delta", fields);
}

void OutputItems::add(const chat::ToolCallDelta& piece) {
  if (open_call_ != piece.index || kind_ != Kind::Call) {
    open(Kind::Call, {{"type", "function_call"},
                      {"id", next_id("function_call")},
                      {"call_id", piece.id},
                      {"name", piece.name},
                      {"arguments", ""},
                      {"status", "in_progress"}});
    open_call_ = piece.index;
    call_pieces_.insert(piece.index);
  }
  if (piece.arguments.empty()) return;
  text_ += piece.arguments;
  Json fields = place();
  fields["delta"] = piece.arguments;
  tell_("response.function_call_arguments.delta", fields);
}

// A call that came whole, or the end of one whose pieces were told.
void OutputItems::add(const chat::ToolCall& call) {
  const int index = calls_++;
  if (!call_pieces_.contains(index))
    add(chat::ToolCallDelta{index, call.id, call.name, call.arguments});
  if (kind_ == Kind::Call && open_call_ == index) close("completed");
}

void OutputItems::add_compaction(std::string_view summary) {
  if (!seals_.compaction) return;
  if (kind_ != Kind::None) close("completed");
  Json item{{"type", "compaction"},
            {"id", next_id("compaction")},
            {"encrypted_content", seal_summary(seals_.compaction, summary)}};
  for (const char* type : {"response.output_item.added", "response.output_item.done"}) {
    tell_(type, {{"output_index", done_.size()}, {"item", item}});
  }
  done_.push_back(std::move(item));
}

void OutputItems::close_part() {
  Json fields = place();
  fields["content_index"] = 0;
  fields["text"] = text_;
  if (kind_ == Kind::Message) fields["logprobs"] = logprobs_;
  tell_(kind_ == Kind::Message ? "response.output_text.done" : "response.reasoning_text.done",
        fields);
  fields = place();
  fields["content_index"] = 0;
  fields["part"] = part();
  tell_("response.content_part.done", fields);
  item_["content"].push_back(part());
}

void OutputItems::close(std::string_view status) {
  if (kind_ == Kind::Call) {
    Json fields = place();
    fields["name"] = item_["name"];
    fields["arguments"] = text_;
    tell_("response.function_call_arguments.done", fields);
    item_["arguments"] = text_;
  } else {
    close_part();
  }
  item_["status"] = status;
  if (kind_ == Kind::Reasoning && seals_.reasoning) {
    item_["encrypted_content"] = seals_.reasoning(text_);
  }
  tell_("response.output_item.done", {{"output_index", done_.size()}, {"item", item_}});
  done_.push_back(std::move(item_));
  kind_ = Kind::None;
  open_call_ = -1;
}

void OutputItems::finish(bool whole) {
  if (kind_ != Kind::None) close(whole ? "completed" : "incomplete");
}

Json OutputItems::items() const {
  Json items = done_;
  if (kind_ == Kind::None) return items;
  items.push_back(item_);
  if (kind_ == Kind::Call) {
    items.back()["arguments"] = text_;
  } else {
    items.back()["content"].push_back(part());
  }
  return items;
}

}  // namespace melete::api::responses
