// An answer as a `response` object, whole or as the events by which it grows.
//
// Order of events: response.created (and response.queued where the answer waits),
// response.in_progress, the events of each item, and one of response.completed, response.incomplete
// and response.failed. Each has the next sequence_number. With `events`, what a mode's agents do
// comes between as `melete.*` events.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "api/responses/output_items.h"
#include "chat/event.h"
#include "runs/answer_writer.h"

namespace melete::api::responses {

// Usage as a response tells it.
Json usage_object(const chat::Usage& usage);

struct ResponseHead {
  std::string id;          // "resp_..."
  int64_t created_at = 0;  // seconds since 1970
  std::string model;       // as the caller named it
  Json settings;           // of the request, see read_request.h
  bool events = false;
  Seals seals{};
};

// Not thread-safe: one writer belongs to one answer. Other choices than the first are passed over.
class ResponseWriter final : public runs::RecordWriter {
 public:
  explicit ResponseWriter(ResponseHead head);

  // The frames for one event; often none.
  std::string write(const chat::Event& event);

  // The frame of the last event.
  std::string end();

  runs::Snapshot snapshot() const override;
  std::string write_queued() override;
  void mark_begun() override;
  void mark_cancelled() override;
  void mark_not_stored(const Error& why) override;

 private:
  void create();
  void begin();
  void take(const chat::Event& event);
  void finish(const chat::Finished& finished);
  void fail(const Error& error);
  void tell(std::string_view type, const Json& fields);
  Json response() const;

  ResponseHead head_;
  OutputItems items_;
  std::string frames_;  // of the call that runs
  int64_t sequence_ = 0;
  bool created_ = false;  // told so
  bool begun_ = false;    // told so
  bool ended_ = false;    // the last event is all that is left to tell
  std::string status_ = "in_progress";
  Json incomplete_ = nullptr;
  Json error_ = nullptr;
  std::optional<int64_t> completed_at_;
  std::optional<chat::Usage> usage_;
  std::optional<chat::Report> report_;
  std::string store_error_;
};

}  // namespace melete::api::responses
