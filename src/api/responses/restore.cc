#include "api/responses/restore.h"

#include <utility>

#include "api/order.h"
#include "api/responses/call.h"
#include "api/responses/ended_stream.h"
#include "base/log.h"
#include "runs/recorder.h"

namespace melete::api::responses {

namespace {

// An answer that the last server did not end is ended now, and its turn said in its conversation.
void end(store::Database& database, const store::StoredResponse& stored) {
  auto ended = database.responses().update(stored);
  if (ended && !stored.conversation.empty()) ended = runs::add_turn(database, stored);
  if (ended) return;
  log_event(LogLevel::Warning, "response_not_restored",
            {{"id", stored.id}, {"why", ended.error().message}});
}

void run_again(runs::Runner& runner, CallContext context, const store::StoredResponse& queued) {
  context.memory.owner = queued.owner;
  auto call = read_again(queued, context);
  if (!call) {
    return end(*context.memory.database, failed(queued, call.error()));
  }
  runner.enqueue_again(order_of(std::move(*call), queued.owner));
}

}  // namespace

void restore(runs::Runner& runner, const CallContext& context) {
  if (!context.memory.database) return;
  store::ResponseStore& responses = context.memory.database->responses();
  const auto unfinished = responses.unfinished();
  if (!unfinished) {
    log_event(LogLevel::Warning, "responses_not_restored", {{"why", unfinished.error().message}});
    return;
  }
  for (const store::StoredResponse& stored : *unfinished) {
    if (stored.status == "queued") {
      run_again(runner, context, stored);
    } else {
      end(*context.memory.database, interrupted(stored));
    }
  }
}

}  // namespace melete::api::responses
