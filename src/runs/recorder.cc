#include "runs/recorder.h"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/log.h"

namespace melete::runs {

namespace asio = boost::asio;

Recorder::Recorder(store::Database& database, asio::any_io_executor worker,
                   store::StoredResponse record, RecordState state)
    : database_(database),
      worker_(std::move(worker)),
      record_(std::move(record)),
      stored_(state == RecordState::Stored) {}

void Recorder::write(Snapshot snapshot) {
  const std::lock_guard lock(mutex_);
  take(std::move(snapshot));
}

void Recorder::take(Snapshot snapshot) {
  record_.status = std::move(snapshot.status);
  record_.response = std::move(snapshot.response);
  record_.last_sequence = snapshot.last_sequence;
  waiting_ = true;
  if (std::exchange(writing_, true)) return;
  asio::post(worker_, [self = shared_from_this()] { self->write_all(); });
}

asio::awaitable<std::optional<Error>> Recorder::settle(Snapshot snapshot, Last last) {
  const auto executor = co_await asio::this_coro::executor;
  {
    const std::lock_guard lock(mutex_);
    last_ = last;
    take(std::move(snapshot));
  }
  while (true) {
    Signal::Ticket ticket = idle_.ticket(executor);
    {
      const std::lock_guard lock(mutex_);
      if (!writing_) co_return error_;
    }
    co_await ticket.wait();
  }
}

void Recorder::write_all() {
  while (true) {
    store::StoredResponse record;
    Last last;
    {
      const std::lock_guard lock(mutex_);
      waiting_ = false;
      record = record_;
      last = last_;
    }
    const auto written = write_one(record, last);
    const std::lock_guard lock(mutex_);
    if (!written && !error_) {
      log_event(LogLevel::Warning, "response_not_stored",
                {{"id", record.id}, {"why", written.error().message}});
    }
    error_ = written ? std::nullopt : std::optional(written.error());
    if (waiting_) continue;
    writing_ = false;
    idle_.notify();
    return;
  }
}

Result<void> Recorder::write_one(const store::StoredResponse& record, Last last) {
  if (last == Last::Refused) {
    if (stored_) return database_.responses().erase(record.id, record.owner);
    return {};
  }
  auto written =
      stored_ ? database_.responses().update(record) : database_.responses().insert(record);
  if (!written) return written;
  stored_ = true;
  if (last == Last::No || record.conversation.empty()) return {};
  return add_turn(database_, record);
}

Result<void> add_turn(store::Database& database, const store::StoredResponse& record) {
  const auto input = parse_json(record.input);
  const auto response = parse_json(record.response);
  if (!input || !response) return fail(ErrorCode::Internal, "A stored turn is no JSON.");
  std::vector<store::ConversationItem> items;
  for (const Json& item : *input) items.push_back({item.at("id"), write_json(item)});
  for (const Json& item : response->value("output", Json::array())) {
    items.push_back({item.at("id"), write_json(item)});
  }
  return database.conversations().add_items(record.conversation, record.owner, items);
}

}  // namespace melete::runs
