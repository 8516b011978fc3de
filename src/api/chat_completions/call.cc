#include "api/chat_completions/call.h"

#include <chrono>
#include <utility>

#include "api/chat_completions/read_request.h"
#include "api/chat_completions/write_chunks.h"
#include "api/chat_completions/write_response.h"
#include "api/error_body.h"
#include "base/ids.h"

namespace melete::api::chat_completions {

namespace {

class ChatAnswerWriter final : public AnswerWriter {
 public:
  ChatAnswerWriter(AnswerHead head, ChunkOptions options)
      : head_(std::move(head)), chunks_(head_, options) {}

  std::string write_event(const chat::Event& event) override { return chunks_.write(event); }
  std::string write_end() override { return chunks_.end(); }
  std::string write_whole(const chat::Completion& completion) override {
    return write_response(head_, completion);
  }
  std::string write_error(const Error& error) override { return openai_error_body(error); }

 private:
  AnswerHead head_;
  ChunkWriter chunks_;
};

int64_t seconds_now() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(since_epoch).count();
}

}  // namespace

Result<Call> read_call(std::string_view body, const gateway::Router& router) {
  auto read = read_request(body);
  if (!read) return std::unexpected(read.error());
  const auto resolved = router.resolve(read->request.model);
  if (!resolved) return std::unexpected(resolved.error());

  const std::string wire_name = read->request.model.empty() ? resolved->model : read->request.model;
  for (std::string& name : read->request.models) {
    const auto agents = router.resolve(name);
    if (!agents) return fail(agents.error().code, agents.error().message, "melete.models");
    name = agents->model;
  }
  read->request.model = resolved->model;
  read->wish.from_model = resolved->mode;
  auto request = choose_mode(read->wish, std::move(read->request));
  if (!request) return std::unexpected(request.error());

  Call call{std::move(*request), read->stream, nullptr};
  call.writer =
      std::make_unique<ChatAnswerWriter>(AnswerHead{make_id("chatcmpl-"), seconds_now(), wire_name},
                                         ChunkOptions{read->include_usage, read->events});
  return call;
}

}  // namespace melete::api::chat_completions
