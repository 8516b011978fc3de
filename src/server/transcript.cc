#include "server/transcript.h"

#include <fmt/format.h>

#include <utility>

namespace melete::server {

namespace asio = boost::asio;

namespace {

constexpr size_t kMostBytes = 4 << 20;

// All frames of a run that has ended.
asio::awaitable<Transcript> frames_of(std::shared_ptr<runs::Run> run) {
  Transcript transcript;
  int64_t after = -1;
  while (true) {
    const auto frames = co_await run->next(after);
    if (!frames) transcript.too_long = true;
    if (!frames || frames->text.empty()) co_return transcript;
    after = frames->last;
    transcript.add(frames->text);
  }
}

}  // namespace

void Transcript::add(std::string_view bytes) {
  too_long = too_long || body.size() + bytes.size() > kMostBytes;
  if (too_long) {
    body.clear();
  } else {
    body += bytes;
  }
}

Error too_long_to_keep() {
  return {ErrorCode::Conflict,
          fmt::format("The answer to this idempotency-key is longer than {} bytes and was not "
                      "kept: ask again with a new key.",
                      kMostBytes),
          "idempotency-key"};
}

Reply reply_of(Transcript transcript, runs::Form form, api::ErrorWriter write_error) {
  if (transcript.too_long) return error_reply(too_long_to_keep(), write_error);
  Reply reply{.body = std::move(transcript.body)};
  if (form == runs::Form::Frames) reply.content_type = "text/event-stream";
  return reply;
}

asio::awaitable<void> keep_at_end(IdempotencyTable::Claim claim, std::shared_ptr<runs::Run> run,
                                  api::ErrorWriter write_error) {
  claim.share(run);
  const runs::WholeAnswer whole = co_await run->whole();
  if (whole.error) co_return;
  Transcript transcript;
  if (run->form() == runs::Form::Frames) {
    transcript = co_await frames_of(run);
  } else {
    transcript.add(whole.body);
  }
  claim.keep(reply_of(std::move(transcript), run->form(), write_error));
}

}  // namespace melete::server
