// Which path is answered by what: a page that is ready at once, a call that a model answers, a
// query about a call, one that a model computes, a call on what is kept between requests, or a
// WebSocket whose messages are calls.

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "api/dialect.h"
#include "api/error_body.h"
#include "api/resource.h"
#include "server/counters.h"
#include "server/reply.h"

namespace melete::server {

// Makes a page. `rest` is what follows the route's path, percent-decoded; empty for exact routes.
// Called on any network thread; takes at most some microseconds.
using PageMaker = std::function<Reply(std::string_view rest)>;

// A body that a dialect reads. What is wrong with it is told in the dialect's own form.
template <typename Reader>
struct Reading {
  Reader read = nullptr;
  api::ErrorWriter write_error = nullptr;
  bool (*may_wait)(std::string_view body) = nullptr;  // whether reading may take long; null: no
};
using CallTarget = Reading<api::CallReader>;
using QueryTarget = Reading<api::QueryReader>;
using SocketTarget = Reading<api::SocketReader>;
using LongQueryTarget = Reading<api::LongQueryReader>;

// A call on something that is kept. Blocks on the database.
using ResourceTarget = std::function<Result<api::ResourceAnswer>(const api::ResourceRequest&)>;

struct Route {
  std::string method;  // "GET" answers HEAD too
  std::string path;    // "{id}" matches a segment; one that ends with "/*" all below it
  std::variant<PageMaker, CallTarget, QueryTarget, LongQueryTarget, ResourceTarget, SocketTarget>
      target;
  RouteCounters counters;
};

struct RouteMatch {
  Route* route = nullptr;
  std::vector<std::string> matched;  // what stands in the place of "{id}" or "*", decoded
};

// What follows the "?" of a request's target, decoded.
std::multimap<std::string, std::string, std::less<>> query_of(std::string_view target);

// Built before the server starts; afterwards thread-safe.
class RouteTable {
 public:
  explicit RouteTable(Metrics& metrics);

  void add_page(std::string path, PageMaker page);
  void add_call(std::string path, CallTarget target);
  void add_query(std::string path, QueryTarget target);
  void add_resource(std::string method, std::string path, ResourceTarget target);
  void add_socket(std::string path, SocketTarget target);
  void add_long_query(std::string path, LongQueryTarget target);

  // All routes, in the order they were added.
  std::span<const std::unique_ptr<Route>> routes() const { return routes_; }

  // The route of a request, or the reply (404, 405) that says why there is none. A path that a
  // route names in full is no "{id}" of another route. A query in `target` is passed over.
  std::expected<RouteMatch, Reply> find(std::string_view method, std::string_view target);

 private:
  void add(std::string method, std::string path, decltype(Route::target) target);

  Metrics* metrics_;
  std::vector<std::unique_ptr<Route>> routes_;
};

}  // namespace melete::server
