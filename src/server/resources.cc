#include "server/resources.h"

#include <string>
#include <utility>

#include "api/conversations/conversations.h"
#include "api/conversations/items.h"
#include "api/files/files.h"
#include "api/fine_tuning/calls.h"
#include "api/responses/resources.h"

namespace melete::server {

namespace {

using OnResponse = Result<api::ResourceAnswer> (*)(const api::ResourceRequest&,
                                                   const api::responses::Shelf&);

ResourceTarget on_response(OnResponse call, const api::responses::Shelf& shelf) {
  return [call, shelf](const api::ResourceRequest& request) { return call(request, shelf); };
}

Result<api::ResourceAnswer> answer_of(Result<std::string> body, const std::string& content_type) {
  if (!body) return std::unexpected(body.error());
  return api::ResourceAnswer{.body = std::move(*body), .content_type = content_type};
}

// A call whose reply is JSON, or what `content_type` says.
ResourceTarget on_stores(api::ResourceHandler call, store::Database& stores,
                         std::string content_type = "application/json") {
  return [call, &stores, type = std::move(content_type)](const api::ResourceRequest& request) {
    return answer_of(call(request, stores), type);
  };
}

void add_conversations(RouteTable& routes, store::Database& stores) {
  namespace conversations = api::conversations;
  const std::string all = "/v1/conversations";
  const std::string one = all + "/{id}";
  const std::string items = one + "/items";
  const std::string item = items + "/{id}";
  routes.add_resource("POST", all, on_stores(conversations::create, stores));
  routes.add_resource("GET", one, on_stores(conversations::retrieve, stores));
  routes.add_resource("POST", one, on_stores(conversations::update, stores));
  routes.add_resource("DELETE", one, on_stores(conversations::erase, stores));
  routes.add_resource("POST", items, on_stores(conversations::add_items, stores));
  routes.add_resource("GET", items, on_stores(conversations::list_items, stores));
  routes.add_resource("GET", item, on_stores(conversations::retrieve_item, stores));
  routes.add_resource("DELETE", item, on_stores(conversations::erase_item, stores));
}

void add_files(RouteTable& routes, store::Database& stores) {
  namespace files = api::files;
  const std::string all = "/v1/files";
  const std::string one = all + "/{id}";
  routes.add_resource("POST", all, on_stores(files::upload, stores));
  routes.add_resource("GET", all, on_stores(files::list, stores));
  routes.add_resource("GET", one, on_stores(files::retrieve, stores));
  routes.add_resource("GET", one + "/content",
                      on_stores(files::content, stores, "application/octet-stream"));
  routes.add_resource("DELETE", one, on_stores(files::erase, stores));
}

using OnJobs = Result<std::string> (*)(const api::ResourceRequest&, const api::fine_tuning::Desk&);

ResourceTarget on_jobs(OnJobs call, const api::fine_tuning::Desk& desk) {
  return [call, desk](const api::ResourceRequest& request) {
    return answer_of(call(request, desk), "application/json");
  };
}

void add_fine_tuning(RouteTable& routes, const api::fine_tuning::Desk& desk) {
  namespace fine_tuning = api::fine_tuning;
  const std::string all = "/v1/fine_tuning/jobs";
  const std::string one = all + "/{id}";
  routes.add_resource("POST", all, on_jobs(fine_tuning::create, desk));
  routes.add_resource("GET", all, on_jobs(fine_tuning::list, desk));
  routes.add_resource("GET", one, on_jobs(fine_tuning::retrieve, desk));
  routes.add_resource("GET", one + "/events", on_jobs(fine_tuning::events, desk));
  routes.add_resource("POST", one + "/cancel", on_jobs(fine_tuning::cancel, desk));
}

}  // namespace

void add_resources(RouteTable& routes, runs::Runner& runner, const api::Memory& memory,
                   jobs::TuningJobs* tuning) {
  namespace responses = api::responses;
  const responses::Shelf shelf{runner, memory.database};
  routes.add_resource("POST", "/v1/responses/{id}/control", on_response(responses::control, shelf));
  if (!memory.database) return;
  routes.add_resource("GET", "/v1/responses/{id}", on_response(responses::retrieve, shelf));
  routes.add_resource("DELETE", "/v1/responses/{id}", on_response(responses::erase, shelf));
  routes.add_resource("POST", "/v1/responses/{id}/cancel", on_response(responses::cancel, shelf));
  routes.add_resource("GET", "/v1/responses/{id}/input_items",
                      on_response(responses::list_input, shelf));
  add_conversations(routes, *memory.database);
  add_files(routes, *memory.database);
  add_fine_tuning(routes, {tuning, *memory.database});
}

}  // namespace melete::server
