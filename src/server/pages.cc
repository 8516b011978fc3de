#include "server/pages.h"

#include <string>
#include <utility>

#include "api/model_list.h"
#include "api/openapi.h"
#include "base/json.h"

namespace melete::server {

namespace {

Reply status_reply(std::string_view status) {
  Json body;
  body["status"] = status;
  return {.body = write_json(body)};
}

Reply ready_reply(const std::function<Result<void>()>& ready, const DrainingCheck& draining) {
  if (draining()) {
    return error_reply({ErrorCode::Overloaded, "The server is shutting down."});
  }
  if (ready) {
    if (const auto state = ready(); !state) return error_reply(state.error(), 503);
  }
  return status_reply("ready");
}

Reply model_reply(const gateway::Router& router, std::string_view name) {
  const auto body = api::write_model(router, name);
  if (!body) return error_reply(body.error(), 404);
  return {.body = *body};
}

}  // namespace

void add_pages(RouteTable& routes, const ServerOptions& options, const ServerParts& parts,
               const DrainingCheck& draining) {
  const gateway::Router* router = &parts.router;
  Metrics* metrics = &parts.metrics;
  routes.add_page("/v1/models", [router](std::string_view) {
    return Reply{.body = api::write_model_list(*router)};
  });
  routes.add_page("/v1/models/*",
                  [router](std::string_view name) { return model_reply(*router, name); });

  const auto ready = [check = options.ready, draining](std::string_view) {
    return ready_reply(check, draining);
  };
  routes.add_page("/health", ready);
  routes.add_page("/health/ready", ready);
  routes.add_page("/health/live", [](std::string_view) { return status_reply("live"); });
  routes.add_page("/metrics", [metrics](std::string_view) {
    return Reply{.content_type = "text/plain; version=0.0.4; charset=utf-8",
                 .body = metrics->expose()};
  });
  routes.add_page("/openapi.json", [](std::string_view) {
    return Reply{.body = std::string(api::openapi_document())};
  });
  for (const StaticFile& file : options.files) {
    routes.add_page(file.path, [file](std::string_view) {
      return Reply{.content_type = file.content_type,
                   .body = file.content,
                   .headers = {{"cache-control", "no-cache"}}};
    });
  }
}

}  // namespace melete::server
