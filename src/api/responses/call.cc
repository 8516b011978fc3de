#include "api/responses/call.h"

#include <utility>

#include "api/error_body.h"
#include "api/resolve_call.h"
#include "api/responses/item_ids.h"
#include "api/responses/read_request.h"
#include "api/responses/truncation.h"
#include "api/responses/write_response.h"
#include "base/ids.h"
#include "base/unix_time.h"

namespace melete::api::responses {

namespace {

class ResponsesAnswerWriter final : public AnswerWriter {
 public:
  explicit ResponsesAnswerWriter(ResponseHead head) : writer_(std::move(head)) {}

  std::string write_event(const chat::Event& event) override { return writer_.write(event); }
  std::string write_end() override { return writer_.end() + "data: [DONE]\n\n"; }
  Result<std::string> write_whole(const chat::Completion& /*completion*/) override {
    return writer_.snapshot().response;
  }
  std::string write_error(const Error& error) override { return openai_error_body(error); }
  runs::RecordWriter* record() override { return &writer_; }

 private:
  ResponseWriter writer_;
};

// What a response is from its beginning to its end, also where it is read again after a restart.
struct Identity {
  std::string id;
  int64_t created_at = 0;
};

std::string all_items(const ReadResponsesRequest& request) {
  Json items = request.earlier;
  for (const Json& item : request.input) items.push_back(item);
  return write_json(items);
}

// One that follows an answer which is not in the database holds all that was said itself.
store::StoredResponse record_of(const Identity& identity, const ReadResponsesRequest& request,
                                std::string_view body, const Memory& memory) {
  const bool alone = memory.turns && memory.turns->contains(request.state.previous_id);
  return {.id = identity.id,
          .owner = memory.owner,
          .status = "in_progress",
          .created_at = identity.created_at,
          .previous_id = alone ? "" : request.state.previous_id,
          .conversation = request.state.conversation,
          .background = request.state.background,
          .request = std::string(body),
          .input = alone ? all_items(request) : write_json(request.input)};
}

Result<Call> read_as(const Identity& identity, std::string_view body, const CallContext& context) {
  auto request = read_request(body, context.memory, stem_of(identity.id));
  if (!request) return std::unexpected(request.error());
  Call call{.stream = request->read.stream, .id = identity.id};
  if (request->state.store) call.record = record_of(identity, *request, body, context.memory);
  if (context.memory.turns) call.items = all_items(*request);
  ResponseHead head{.id = identity.id,
                    .created_at = identity.created_at,
                    .settings = std::move(request->settings),
                    .events = request->read.events};
  if (request->seal_reasoning) head.seals.reasoning = sealer(context.memory);
  auto resolved = resolve_call(std::move(request->read), context.router);
  if (!resolved) return std::unexpected(resolved.error());
  if (request->state.truncate) {
    auto fits = truncate(resolved->request, context.router);
    if (!fits) return std::unexpected(fits.error());
  }
  if (request->state.compact_above) {
    const auto tokens = context.router.count(resolved->request);
    if (!tokens) return std::unexpected(tokens.error());
    resolved->request.compact = *tokens > *request->state.compact_above;
    head.seals.compaction = sealer(context.memory);
  }
  head.model = std::move(resolved->wire_name);
  call.request = std::move(resolved->request);
  call.writer = std::make_unique<ResponsesAnswerWriter>(std::move(head));
  return call;
}

}  // namespace

Sealer sealer(const Memory& memory) {
  return [seal = memory.seal, owner = memory.owner](std::string_view text) {
    return seal->seal(text, owner);
  };
}

Result<Call> read_call(std::string_view body, const CallContext& context) {
  return read_as({make_id("resp_"), unix_seconds()}, body, context);
}

Result<Call> read_again(const store::StoredResponse& queued, const CallContext& context) {
  return read_as({queued.id, queued.created_at}, queued.request, context);
}

Result<std::string> count_tokens(std::string_view body, const CallContext& context) {
  auto request = read_request(body, context.memory);
  if (!request) return std::unexpected(request.error());
  const auto resolved = resolve_call(std::move(request->read), context.router);
  if (!resolved) return std::unexpected(resolved.error());
  const auto count = context.router.count(resolved->request);
  if (!count) return std::unexpected(count.error());
  return write_json({{"object", "response.input_tokens"}, {"input_tokens", *count}});
}

}  // namespace melete::api::responses
