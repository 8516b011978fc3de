#include "modes/failed_stream.h"

#include <utility>

namespace melete::modes {

namespace {

class FailedStream final : public chat::Stream {
 public:
  explicit FailedStream(Error error) : error_(std::move(error)) {}

  chat::awaitable<std::optional<chat::Event>> next() override {
    if (told_) co_return std::nullopt;
    told_ = true;
    co_return chat::Event{.payload = chat::Failed{error_}};
  }

  Result<void> control(chat::Control) override {
    return fail(ErrorCode::Conflict, "the answer has failed: there is nothing to control");
  }

 private:
  Error error_;
  bool told_ = false;
};

}  // namespace

std::unique_ptr<chat::Stream> failed_stream(Error error) {
  return std::make_unique<FailedStream>(std::move(error));
}

}  // namespace melete::modes
