#include "server/restore.h"

#include <utility>

#include "api/responses/call.h"
#include "api/responses/ended_stream.h"
#include "base/log.h"
#include "server/answer.h"

namespace melete::server {

namespace {

void update(Service& service, const store::StoredResponse& stored) {
  const auto updated = service.parts.database->responses().update(stored);
  if (updated) return;
  log_event(LogLevel::Warning, "response_not_restored",
            {{"id", stored.id}, {"why", updated.error().message}});
}

void run_again(Service& service, const store::StoredResponse& queued) {
  auto call = api::responses::read_again(
      queued, {service.parts.router,
               {service.parts.database, service.parts.seal, queued.owner}});
  if (!call) return update(service, api::responses::failed(queued, call.error()));
  service.runner.enqueue_again(order_of(std::move(*call), queued.owner));
}

}  // namespace

void restore_responses(Service& service) {
  if (!service.parts.database || !service.options.restore) return;
  const auto unfinished = service.parts.database->responses().unfinished();
  if (!unfinished) {
    log_event(LogLevel::Warning, "responses_not_restored", {{"why", unfinished.error().message}});
    return;
  }
  for (const store::StoredResponse& stored : *unfinished) {
    if (stored.status == "queued") {
      run_again(service, stored);
    } else {
      update(service, api::responses::interrupted(stored));
    }
  }
}

}  // namespace melete::server
