#include "api/responses/write_response.h"

#include <utility>

#include "api/responses/item_ids.h"
#include "api/write_melete_events.h"
#include "api/write_report.h"
#include "base/unix_time.h"

namespace melete::api::responses {

namespace {

constexpr std::string_view kCancelled = "cancelled";

}  // namespace

Json usage_object(const chat::Usage& usage) {
  const int64_t written = usage.reasoning_tokens + usage.answer_tokens;
  Json object;
  object["input_tokens"] = usage.prompt_tokens;
  object["input_tokens_details"] = {{"cached_tokens", usage.cached_tokens},
                                    {"cache_write_tokens", 0}};
  object["output_tokens"] = written;
  object["output_tokens_details"]["reasoning_tokens"] = usage.reasoning_tokens;
  object["total_tokens"] = usage.prompt_tokens + written;
  return object;
}

ResponseWriter::ResponseWriter(ResponseHead head)
    : head_(std::move(head)),
      items_([this](std::string_view type, const Json& fields) { tell(type, fields); },
             stem_of(head_.id), head_.seals) {}

Json ResponseWriter::response() const {
  Json object;
  object["id"] = head_.id;
  object["object"] = "response";
  object["created_at"] = head_.created_at;
  object["completed_at"] = completed_at_ ? Json(*completed_at_) : Json(nullptr);
  object["status"] = status_;
  object["error"] = error_;
  object["incomplete_details"] = incomplete_;
  object["model"] = head_.model;
  object["output"] = items_.items();
  object["usage"] = usage_ ? usage_object(*usage_) : Json(nullptr);
  object.update(head_.settings);
  if (report_) object["melete"] = report_object(*report_);
  if (!store_error_.empty()) object["melete"]["store_error"] = store_error_;
  return object;
}

void ResponseWriter::tell(std::string_view type, const Json& fields) {
  Json event{{"type", type}, {"sequence_number", sequence_++}};
  event.update(fields);
  frames_ += "event: ";
  frames_ += type;
  frames_ += "\ndata: ";
  frames_ += write_json(event);
  frames_ += "\n\n";
}

void ResponseWriter::create() {
  if (std::exchange(created_, true)) return;
  tell("response.created", {{"response", response()}});
}

void ResponseWriter::begin() {
  create();
  if (std::exchange(begun_, true)) return;
  tell("response.in_progress", {{"response", response()}});
}

void ResponseWriter::finish(const chat::Finished& finished) {
  const bool whole = finished.reason == chat::FinishReason::Stop ||
                     finished.reason == chat::FinishReason::ToolCalls;
  items_.finish(whole);
  ended_ = true;
  if (status_ == kCancelled) return;
  status_ = whole ? "completed" : "incomplete";
  if (whole) {
    completed_at_ = unix_seconds();
  } else {
    const bool filtered = finished.reason == chat::FinishReason::Filtered;
    incomplete_ = {{"reason", filtered ? "content_filter" : "max_output_tokens"}};
    if (finished.reason != chat::FinishReason::Length && !filtered) {
      incomplete_["melete"] = chat::name_of(finished.reason);
    }
  }
}

void ResponseWriter::fail(const Error& error) {
  items_.finish(false);
  ended_ = true;
  if (status_ == kCancelled) return;
  status_ = "failed";
  const bool limited = error.code == ErrorCode::RateLimited;
  error_ = {{"code", limited ? "rate_limit_exceeded" : "server_error"}, {"message", error.message}};
}

// The dialect has no event of its own for an answer that was cancelled.
std::string ResponseWriter::end() {
  frames_.clear();
  const bool as_it_is = status_ == "completed" || status_ == "failed";
  tell(as_it_is ? "response." + status_ : "response.incomplete", {{"response", response()}});
  return std::exchange(frames_, {});
}

runs::Snapshot ResponseWriter::snapshot() const {
  return {status_, write_json(response()), ended_ ? sequence_ : sequence_ - 1};
}

std::string ResponseWriter::write_queued() {
  frames_.clear();
  status_ = "queued";
  create();
  tell("response.queued", {{"response", response()}});
  return std::exchange(frames_, {});
}

void ResponseWriter::mark_begun() {
  status_ = "in_progress";
}

void ResponseWriter::mark_cancelled() {
  ended_ = ended_ || status_ == "queued";
  status_ = kCancelled;
}

void ResponseWriter::mark_not_stored(const Error& why) {
  head_.settings["store"] = false;
  store_error_ = why.message;
}

void ResponseWriter::take(const chat::Event& event) {
  if (const auto* usage = std::get_if<chat::Usage>(&event.payload)) usage_ = *usage;
  if (const auto* report = std::get_if<chat::Report>(&event.payload)) report_ = *report;
  if (const auto* delta = std::get_if<chat::ReasoningDelta>(&event.payload)) {
    items_.add(*delta);
  } else if (const auto* text = std::get_if<chat::TextDelta>(&event.payload)) {
    items_.add(*text);
  } else if (const auto* piece = std::get_if<chat::ToolCallDelta>(&event.payload)) {
    items_.add(*piece);
  } else if (const auto* call = std::get_if<chat::ToolCall>(&event.payload)) {
    items_.add(*call);
  } else if (const auto* note = std::get_if<chat::Annotation>(&event.payload)) {
    if (note->kind == "compaction") items_.add_compaction(note->text);
  } else if (const auto* finished = std::get_if<chat::Finished>(&event.payload)) {
    finish(*finished);
  }
}

std::string ResponseWriter::write(const chat::Event& event) {
  frames_.clear();
  if (const auto* failed = std::get_if<chat::Failed>(&event.payload)) {
    begin();
    fail(failed->error);
  } else if (event.choice == 0) {
    begin();
    Json object = head_.events ? melete_event(event) : Json(nullptr);
    if (!object.is_null()) {
      const std::string type = object.at("type");
      tell(type, object);
    } else if (event.agent.empty()) {
      take(event);
    }
  }
  return std::exchange(frames_, {});
}

}  // namespace melete::api::responses
