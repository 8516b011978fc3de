#include "server/resources.h"

#include "api/responses/resources.h"

namespace melete::server {

namespace {

using OnResponse = Result<api::ResourceAnswer> (*)(const api::ResourceRequest&,
                                                   const api::responses::Shelf&);

ResourceTarget on_response(OnResponse call, const api::responses::Shelf& shelf) {
  return [call, shelf](const api::ResourceRequest& request) { return call(request, shelf); };
}

}  // namespace

void add_resources(RouteTable& routes, runs::Runner& runner, store::Database* database) {
  namespace responses = api::responses;
  const responses::Shelf shelf{runner, database};
  routes.add_resource("POST", "/v1/responses/{id}/control",
                      on_response(responses::control, shelf));
  if (!database) return;
  routes.add_resource("GET", "/v1/responses/{id}", on_response(responses::retrieve, shelf));
  routes.add_resource("DELETE", "/v1/responses/{id}", on_response(responses::erase, shelf));
  routes.add_resource("POST", "/v1/responses/{id}/cancel", on_response(responses::cancel, shelf));
  routes.add_resource("GET", "/v1/responses/{id}/input_items",
                      on_response(responses::list_input, shelf));
}

}  // namespace melete::server
