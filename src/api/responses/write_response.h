// An answer as a `response` object, whole or as the events by which it grows.
//
// Order of events: response.created and response.in_progress, the events of each item, and one of
// response.completed, response.incomplete and response.failed. Each has the next sequence_number.
// With `events`, what a mode's agents do comes between as `melete.*` events.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "api/responses/output_items.h"
#include "chat/collect.h"
#include "chat/event.h"

namespace melete::api::responses {

struct ResponseHead {
  std::string id;          // "resp_..."
  int64_t created_at = 0;  // seconds since 1970
  std::string model;       // as the caller named it
  Json settings;           // of the request, see read_request.h
  bool events = false;
};

// Not thread-safe: one writer belongs to one answer. Other choices than the first are passed over.
class ResponseWriter {
 public:
  explicit ResponseWriter(ResponseHead head);

  // The frames for one event; often none.
  std::string write(const chat::Event& event);

  // The body of a whole answer.
  std::string whole(const chat::Completion& completion);

 private:
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
  bool begun_ = false;
  std::string status_ = "in_progress";
  Json incomplete_ = nullptr;
  Json error_ = nullptr;
  std::optional<int64_t> completed_at_;
  std::optional<chat::Usage> usage_;
  std::optional<chat::Report> report_;
};

}  // namespace melete::api::responses
