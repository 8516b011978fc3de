#include "api/messages/call.h"

#include <utility>

#include "api/messages/read_request.h"
#include "api/messages/write_events.h"
#include "api/messages/write_response.h"
#include "api/resolve_call.h"
#include "base/ids.h"

namespace melete::api::messages {

namespace {

std::string_view type_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::NotFound:
      return "not_found_error";
    case ErrorCode::TooLarge:
      return "request_too_large";
    case ErrorCode::Unauthorized:
      return "authentication_error";
    case ErrorCode::Forbidden:
      return "permission_error";
    case ErrorCode::RateLimited:
      return "rate_limit_error";
    case ErrorCode::Overloaded:
      return "overloaded_error";
    case ErrorCode::DeadlineExceeded:
      return "timeout_error";
    default:
      return http_status(error.code) < 500 ? "invalid_request_error" : "api_error";
  }
}

// As resolve_call(). An answer that is begun cannot be thought about first.
Result<ResolvedCall> resolve(ReadRequest read, const gateway::Router& router) {
  const bool begun = !read.request.prefill.empty();
  const bool off = read.request.effort == chat::Effort::None;
  // An effort alone asks for no mode where the answer is begun.
  if (begun && !read.wish.from_body) read.request.effort = chat::Effort::None;
  auto resolved = resolve_call(std::move(read), router);
  if (!resolved || !begun || off) return resolved;
  if (resolved->request.mode == chat::Mode::Instant) return resolved;
  return fail(
      ErrorCode::InvalidArgument,
      "the last message is the assistant's, and an answer that is begun cannot be thought about "
      "first: end with a user message, or disable thinking",
      "messages");
}

class MessageWriter final : public AnswerWriter {
 public:
  MessageWriter(AnswerHead head, bool events) : head_(std::move(head)), events_(head_, events) {}

  std::string write_event(const chat::Event& event) override { return events_.write(event); }
  std::string write_end() override { return events_.end(); }
  Result<std::string> write_whole(const chat::Completion& completion) override {
    return write_response(head_, completion);
  }
  std::string write_error(const Error& error) override { return error_body(error); }

 private:
  AnswerHead head_;
  EventWriter events_;
};

}  // namespace

std::string error_body(const Error& error) {
  Json body;
  body["type"] = "error";
  body["error"]["type"] = type_of(error);
  body["error"]["message"] = error.message;
  if (!error.parameter.empty()) body["error"]["param"] = error.parameter;
  return write_json(body);
}

Result<Call> read_call(std::string_view body, const CallContext& context) {
  auto read = read_request(body, Purpose::Answer);
  if (!read) return std::unexpected(read.error());
  const bool stream = read->stream;
  const bool events = read->events;
  auto resolved = resolve(std::move(*read), context.router);
  if (!resolved) return std::unexpected(resolved.error());
  Call call{std::move(resolved->request), stream, nullptr, make_id("msg_")};
  call.writer =
      std::make_unique<MessageWriter>(AnswerHead{call.id, std::move(resolved->wire_name)}, events);
  return call;
}

Result<std::string> count_tokens(std::string_view body, const CallContext& context) {
  auto read = read_request(body, Purpose::Count);
  if (!read) return std::unexpected(read.error());
  const auto resolved = resolve(std::move(*read), context.router);
  if (!resolved) return std::unexpected(resolved.error());
  const auto count = context.router.count(resolved->request);
  if (!count) return std::unexpected(count.error());
  return write_json({{"input_tokens", *count}});
}

}  // namespace melete::api::messages
