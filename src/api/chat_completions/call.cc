#include "api/chat_completions/call.h"

#include <utility>

#include "api/chat_completions/read_request.h"
#include "api/chat_completions/write_chunks.h"
#include "api/chat_completions/write_response.h"
#include "api/error_body.h"
#include "api/resolve_call.h"
#include "base/ids.h"
#include "base/unix_time.h"

namespace melete::api::chat_completions {

namespace {

class ChatAnswerWriter final : public AnswerWriter {
 public:
  ChatAnswerWriter(AnswerHead head, ChunkOptions options)
      : head_(std::move(head)), chunks_(head_, options) {}

  std::string write_event(const chat::Event& event) override { return chunks_.write(event); }
  std::string write_end() override { return chunks_.end(); }
  Result<std::string> write_whole(const chat::Completion& completion) override {
    return write_response(head_, completion);
  }
  std::string write_error(const Error& error) override { return openai_error_body(error); }

 private:
  AnswerHead head_;
  ChunkWriter chunks_;
};

}  // namespace

Result<Call> read_call(std::string_view body, const CallContext& context) {
  auto read = read_request(body);
  if (!read) return std::unexpected(read.error());
  const bool stream = read->stream;
  const ChunkOptions options{read->include_usage, read->events};
  auto resolved = resolve_call(std::move(*read), context.router);
  if (!resolved) return std::unexpected(resolved.error());
  Call call{std::move(resolved->request), stream, nullptr, make_id("chatcmpl-")};
  call.writer = std::make_unique<ChatAnswerWriter>(
      AnswerHead{call.id, unix_seconds(), std::move(resolved->wire_name)}, options);
  return call;
}

}  // namespace melete::api::chat_completions
