#include "server/connection.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cctype>
#include <utility>

#include "base/ids.h"
#include "base/log.h"
#include "server/cors.h"
#include "server/owner.h"

namespace melete::server {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr http::field kContentType = http::field::content_type;

std::string_view to_view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

// The caller's own id where it is fit for a header and a log line, else a new one.
std::string request_id_of(const HttpRequest& request) {
  constexpr size_t kMostBytes = 128;
  const std::string_view given = to_view(request["x-request-id"]);
  const bool fit =
      !given.empty() && given.size() <= kMostBytes &&
      std::ranges::all_of(given, [](unsigned char character) {
        return std::isalnum(character) || character == '-' || character == '_' || character == '.';
      });
  return fit ? std::string(given) : make_id("req_");
}

template <typename Value>
asio::awaitable<Result<Value>> read_here(Result<Value> (*reader)(std::string_view,
                                                                 const api::CallContext&),
                                         const std::string& body,
                                         const api::CallContext& context) {
  co_return reader(body, context);
}

asio::awaitable<Result<api::ResourceAnswer>> answer_here(const ResourceTarget& target,
                                                         const api::ResourceRequest& request) {
  co_return target(request);
}

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, Service& service)
    : service_(service), stream_(std::move(socket)) {
  boost::system::error_code ignored;
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
}

void Connection::drain() {
  if (idle_) abort();
}

void Connection::abort() {
  stream_.close();
}

asio::awaitable<void> Connection::run() {
  while (!service_.draining) {
    idle_ = true;
    const bool coming = co_await await_request(stream_, buffer_, service_.options.limits);
    idle_ = false;
    if (!coming || !co_await serve_one()) break;
  }
  boost::system::error_code ignored;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  stream_.close();
}

Exchange Connection::exchange_of(const HttpRequest& request) const {
  return {.request_id = request_id_of(request),
          .http_version = request.version() == 10 ? 10u : 11u,
          .keep_alive = request.keep_alive() && !service_.draining,
          .head_only = request.method() == http::verb::head,
          .headers = cors_headers(service_.options, to_view(request[http::field::origin]))};
}

// Serves one request; false when the connection is to end.
asio::awaitable<bool> Connection::serve_one() {
  auto request = co_await read_http_request(stream_, buffer_, service_.options.limits);
  if (!request) co_return co_await refuse(request.error());

  const Exchange exchange = exchange_of(*request);
  const std::string_view method = to_view(request->method_string());
  if (auto preflight = preflight_reply(service_.options, method)) {
    co_return co_await write(exchange, std::move(*preflight)) && exchange.keep_alive;
  }
  auto match = service_.routes.find(method, to_view(request->target()));
  if (!match) co_return co_await write(exchange, std::move(match.error())) && exchange.keep_alive;
  if (const auto* page = std::get_if<PageMaker>(&match->route->target)) {
    Reply reply = (*page)(match->matched.empty() ? "" : match->matched.front());
    match->route->counters.count(reply.status);
    co_return co_await write(exchange, std::move(reply)) && exchange.keep_alive;
  }
  if (std::holds_alternative<ResourceTarget>(match->route->target)) {
    co_return co_await serve_resource(std::move(*match), std::move(*request), exchange);
  }
  if (std::holds_alternative<QueryTarget>(match->route->target)) {
    co_return co_await serve_query(std::move(*match), std::move(*request), exchange);
  }
  co_return co_await serve_call(std::move(*match), std::move(*request), exchange);
}

asio::awaitable<bool> Connection::refuse(const NoRequest& failure) {
  if (!failure.reply) co_return false;
  const Exchange exchange{.request_id = make_id("req_"), .keep_alive = false};
  if (co_await write(exchange, *failure.reply)) co_await linger(stream_);
  co_return false;
}

api::CallContext Connection::context_of(const HttpRequest& request) const {
  const ServerParts& parts = service_.parts;
  return {parts.router, {parts.database, parts.seal, owner_of(request)}};
}

asio::awaitable<bool> Connection::serve_call(RouteMatch match, HttpRequest request,
                                             const Exchange& exchange) {
  const auto& target = std::get<CallTarget>(match.route->target);
  if (service_.draining) {
    const Error error{ErrorCode::Overloaded, "The server is shutting down: ask again later."};
    co_return co_await write(exchange, error_reply(error, target.write_error)) &&
        exchange.keep_alive;
  }
  const api::CallContext context = context_of(request);
  auto call = co_await read_call(target, request.body(), context);
  if (!call) {
    match.route->counters.count(http_status(call.error().code));
    co_return co_await write(exchange, error_reply(call.error(), target.write_error)) &&
        exchange.keep_alive;
  }
  Answer answer(service_, stream_, buffer_, exchange);
  const AnswerEnd end = co_await answer.run(order_of(std::move(*call), context.memory.owner));
  match.route->counters.count(end.status);
  co_return end.client_here&& exchange.keep_alive;
}

asio::awaitable<bool> Connection::serve_query(RouteMatch match, HttpRequest request,
                                              const Exchange& exchange) {
  const auto& target = std::get<QueryTarget>(match.route->target);
  const api::CallContext context = context_of(request);
  const auto answer = co_await asio::co_spawn(
      service_.storage, read_here(target.read, request.body(), context), asio::use_awaitable);
  Reply reply = answer ? Reply{.body = *answer} : error_reply(answer.error(), target.write_error);
  match.route->counters.count(reply.status);
  co_return co_await write(exchange, std::move(reply)) && exchange.keep_alive;
}

asio::awaitable<bool> Connection::serve_resource(RouteMatch match, HttpRequest request,
                                                 const Exchange& exchange) {
  const auto& target = std::get<ResourceTarget>(match.route->target);
  api::ResourceRequest asked{.ids = std::move(match.matched),
                             .query = query_of(to_view(request.target())),
                             .body = request.body(),
                             .content_type = std::string(to_view(request[kContentType])),
                             .owner = owner_of(request)};
  auto answer = co_await asio::co_spawn(service_.storage, answer_here(target, asked),
                                        asio::use_awaitable);
  if (answer && answer->run && !exchange.head_only) {
    Answer watched(service_, stream_, buffer_, exchange);
    const AnswerEnd end = co_await watched.follow(std::move(answer->run), answer->after);
    match.route->counters.count(end.status);
    co_return end.client_here&& exchange.keep_alive;
  }
  Reply reply = answer ? Reply{.content_type = std::move(answer->content_type),
                               .body = std::move(answer->body)}
                       : error_reply(answer.error());
  match.route->counters.count(reply.status);
  co_return co_await write(exchange, std::move(reply)) && exchange.keep_alive;
}

// Small bodies are read at once; large ones take milliseconds and would hold up the thread's other
// clients, as would those that wait for the database.
asio::awaitable<Result<api::Call>> Connection::read_call(const CallTarget& target,
                                                         const std::string& body,
                                                         const api::CallContext& context) {
  constexpr size_t kSmall = 32 << 10;
  const bool waits = target.may_wait && target.may_wait(body);
  if (!waits && body.size() <= kSmall) co_return target.read(body, context);
  auto& threads = waits ? service_.storage : service_.pool;
  co_return co_await asio::co_spawn(threads, read_here(target.read, body, context),
                                    asio::use_awaitable);
}

// Writes a whole reply; false when the client did not take it.
asio::awaitable<bool> Connection::write(const Exchange& exchange, Reply reply) {
  const std::string bytes = write_reply(exchange, reply);
  stream_.expires_after(service_.options.limits.write_time);
  const auto [error, count] =
      co_await asio::async_write(stream_, asio::buffer(bytes), asio::as_tuple(asio::use_awaitable));
  co_return !error;
}

}  // namespace melete::server
