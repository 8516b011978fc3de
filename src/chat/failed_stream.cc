#include "chat/failed_stream.h"

#include <utility>

namespace melete::chat {
namespace {

class FailedStream final : public Stream {
 public:
  explicit FailedStream(Error error) : error_(std::move(error)) {}

  awaitable<std::optional<Event>> next() override {
    if (told_) co_return std::nullopt;
    told_ = true;
    co_return Event{.payload = Failed{error_}};
  }

  Result<void> control(Control) override {
    return fail(ErrorCode::Conflict, "the answer has failed: there is nothing to control");
  }

 private:
  Error error_;
  bool told_ = false;
};

}  // namespace

std::unique_ptr<Stream> failed_stream(Error error) {
  return std::make_unique<FailedStream>(std::move(error));
}

}  // namespace melete::chat
