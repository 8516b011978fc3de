#include "server/service.h"

#include <utility>

#include "api/chat_completions/call.h"
#include "server/pages.h"

namespace melete::server {

Service::Service(ServerOptions given_options, ServerParts given_parts)
    : options(std::move(given_options)),
      parts(given_parts),
      routes(parts.metrics),
      counters(parts.metrics) {
  add_pages(routes, options, parts, [this] { return draining.load(); });
  routes.add_call("/v1/chat/completions", api::chat_completions::read_call);
}

}  // namespace melete::server
