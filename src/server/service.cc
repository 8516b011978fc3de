#include "server/service.h"

#include <utility>

#include "api/chat_completions/call.h"
#include "api/embeddings/embed.h"
#include "api/error_body.h"
#include "api/messages/call.h"
#include "api/responses/call.h"
#include "api/responses/compact.h"
#include "api/responses/read_request.h"
#include "api/responses/socket_call.h"
#include "server/pages.h"
#include "server/resources.h"

namespace melete::server {

void ThreadPool::end() {
  stop();
  join();
  shutdown();
}

Service::Service(ServerOptions given_options, ServerParts given_parts,
                 std::unique_ptr<boost::asio::ssl::context> given_tls)
    : options(std::move(given_options)),
      parts(std::move(given_parts)),
      tls(std::move(given_tls)),
      routes(parts.metrics),
      counters(parts.metrics),
      runner({.backend = parts.backend,
              .database = parts.memory.database,
              .worker = storage.get_executor(),
              .next_network_thread = [this] { return next_network_thread(); }},
             options.background) {
  add_pages(routes, options, parts, [this] { return draining.load(); });
  routes.add_call("/v1/chat/completions",
                  {api::chat_completions::read_call, api::openai_error_body});
  routes.add_call("/v1/responses",
                  {api::responses::read_call, api::openai_error_body, api::responses::may_wait});
  routes.add_socket("/v1/responses", {api::responses::read_socket_call, api::openai_error_body,
                                      api::responses::may_wait});
  routes.add_query("/v1/responses/input_tokens",
                   {api::responses::count_tokens, api::openai_error_body});
  routes.add_call("/v1/responses/compact", {api::responses::read_compact_call,
                                            api::openai_error_body, api::responses::may_wait});
  add_resources(routes, runner, parts.memory, parts.tuning);
  routes.add_call("/v1/messages", {api::messages::read_call, api::messages::error_body});
  routes.add_query("/v1/messages/count_tokens",
                   {api::messages::count_tokens, api::messages::error_body});
  routes.add_long_query("/v1/embeddings", {api::embeddings::embed, api::openai_error_body});
}

void Service::end_pools() {
  for (ThreadPool* threads : {&long_pool, &pool, &storage}) threads->end();
}

}  // namespace melete::server
