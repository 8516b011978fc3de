#include "api/responses/compact.h"

#include <optional>
#include <utility>

#include "api/error_body.h"
#include "api/resolve_call.h"
#include "api/responses/call.h"
#include "api/responses/item_ids.h"
#include "api/responses/read_request.h"
#include "api/responses/write_response.h"
#include "base/ids.h"
#include "base/text.h"
#include "base/unix_time.h"
#include "modes/compaction.h"

namespace melete::api::responses {

namespace {

// Why a summary cannot stand for what was said; nothing where it can.
std::optional<Error> problem_of(const chat::Choice& summary) {
  if (summary.finish_reason == chat::FinishReason::Deadline) {
    return Error{ErrorCode::DeadlineExceeded,
                 "The summary was not finished in time: allow more, and keep the conversation."};
  }
  if (is_blank(summary.text) || summary.finish_reason == chat::FinishReason::Stopped) {
    return Error{ErrorCode::Unavailable,
                 "The model wrote no whole summary: ask again, or name another model."};
  }
  return std::nullopt;
}

// Writes the model's summary as an object of its own.
class CompactionWriter final : public AnswerWriter {
 public:
  CompactionWriter(std::string id, Sealer seal) : id_(std::move(id)), seal_(std::move(seal)) {}

  std::string write_event(const chat::Event& /*event*/) override { return {}; }
  std::string write_end() override { return {}; }
  Result<std::string> write_whole(const chat::Completion& completion) override {
    const chat::Choice& written = completion.choices.front();
    if (auto problem = problem_of(written)) return std::unexpected(std::move(*problem));
    const Json item{{"type", "compaction"},
                    {"id", output_item_id("compaction", stem_of(id_), 0)},
                    {"encrypted_content", seal_summary(seal_, written.text)}};
    return write_json({{"id", id_},
                       {"object", "response.compaction"},
                       {"created_at", unix_seconds()},
                       {"output", Json::array({item})},
                       {"usage", usage_object(completion.usage)}});
  }
  std::string write_error(const Error& error) override { return openai_error_body(error); }

 private:
  const std::string id_;
  const Sealer seal_;
};

}  // namespace

std::string seal_summary(const Sealer& seal, std::string_view summary) {
  return seal(write_json({{"summary", summary}}));
}

Result<std::string> open_summary(const Memory& memory, std::string_view sealed) {
  const auto text = memory.seal->open(sealed, memory.owner);
  if (!text) return std::unexpected(text.error());
  const auto json = parse_json(*text);
  const bool fits = json && json->is_object() && json->contains("summary");
  if (fits) return json->at("summary").get<std::string>();
  return fail(ErrorCode::InvalidArgument, "This is no compaction item: send it as it was given.");
}

Result<Call> read_compact_call(std::string_view body, const CallContext& context) {
  if (!context.memory.seal) {
    return fail(ErrorCode::Unsupported,
                "Compaction needs the server's database: start it without --no-store.");
  }
  Call call{.id = make_id("resp_")};
  auto request = read_request(body, context.memory, stem_of(call.id));
  if (!request) return std::unexpected(request.error());
  if (request->read.request.model.empty()) {
    return fail(ErrorCode::InvalidArgument, "model is missing: name the model that summarises.",
                "model");
  }
  if (request->read.stream) {
    return fail(ErrorCode::Unsupported, "A compaction is not streamed: leave stream out.",
                "stream");
  }
  const auto resolved = resolve_call(std::move(request->read), context.router);
  if (!resolved) return std::unexpected(resolved.error());
  call.request = modes::summary_request(resolved->request);
  call.writer = std::make_unique<CompactionWriter>(call.id, sealer(context.memory));
  return call;
}

}  // namespace melete::api::responses
