#include "api/responses/call.h"

#include <utility>

#include "api/error_body.h"
#include "api/resolve_call.h"
#include "api/responses/read_request.h"
#include "api/responses/write_response.h"
#include "base/ids.h"
#include "base/unix_time.h"

namespace melete::api::responses {

namespace {

class ResponsesAnswerWriter final : public AnswerWriter {
 public:
  explicit ResponsesAnswerWriter(ResponseHead head) : writer_(std::move(head)) {}

  std::string write_event(const chat::Event& event) override { return writer_.write(event); }
  std::string write_end() override { return "data: [DONE]\n\n"; }
  std::string write_whole(const chat::Completion& completion) override {
    return writer_.whole(completion);
  }
  std::string write_error(const Error& error) override { return openai_error_body(error); }

 private:
  ResponseWriter writer_;
};

}  // namespace

Result<Call> read_call(std::string_view body, const gateway::Router& router) {
  auto request = read_request(body);
  if (!request) return std::unexpected(request.error());
  ResponseHead head{.id = make_id("resp_"),
                    .created_at = unix_seconds(),
                    .settings = std::move(request->settings),
                    .events = request->read.events};
  const bool stream = request->read.stream;
  auto resolved = resolve_call(std::move(request->read), router);
  if (!resolved) return std::unexpected(resolved.error());
  head.model = std::move(resolved->wire_name);
  Call call{std::move(resolved->request), stream, nullptr};
  call.writer = std::make_unique<ResponsesAnswerWriter>(std::move(head));
  return call;
}

Result<std::string> count_tokens(std::string_view body, const gateway::Router& router) {
  auto request = read_request(body);
  if (!request) return std::unexpected(request.error());
  const auto resolved = resolve_call(std::move(request->read), router);
  if (!resolved) return std::unexpected(resolved.error());
  const auto count = router.count(resolved->request);
  if (!count) return std::unexpected(count.error());
  return write_json({{"object", "response.input_tokens"}, {"input_tokens", *count}});
}

}  // namespace melete::api::responses
