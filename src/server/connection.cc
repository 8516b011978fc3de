#include "server/connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cctype>
#include <utility>

#include "api/order.h"
#include "base/ids.h"
#include "base/log.h"
#include "server/body_reader.h"
#include "server/client_watch.h"
#include "server/compression.h"
#include "server/cors.h"
#include "server/host_names.h"
#include "server/owner.h"
#include "server/reply_writer.h"
#include "server/websocket_upgrade.h"

namespace melete::server {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using namespace asio::experimental::awaitable_operators;

namespace {

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

Reply other_body_reply(api::ErrorWriter write) {
  constexpr int kUnprocessable = 422;
  const Error error{ErrorCode::Conflict,
                    "This idempotency-key came with another body before: use a new key for a new "
                    "request.",
                    "idempotency-key"};
  Reply reply = error_reply(error, write);
  reply.status = kUnprocessable;
  return reply;
}

// The same exchange, of which the client learns that it gets what another got before.
Exchange replayed(Exchange exchange) {
  exchange.headers.emplace_back("idempotent-replayed", "true");
  return exchange;
}

asio::awaitable<Result<std::string>> compute(api::LongQueryReader reader, const std::string& body,
                                             const gateway::Router& router, std::stop_token stop) {
  co_return reader(body, router, std::move(stop));
}

asio::awaitable<RequestIdentity> identify(const CallHeaders& headers, std::string_view path,
                                          const std::string& body) {
  co_return identity_of(headers.caller, path, headers.idempotency_key, body);
}

// Counts one more as long as it lives.
class Counted {
 public:
  explicit Counted(std::atomic<int>& count) : count_(count) { ++count_; }
  ~Counted() { --count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::atomic<int>& count_;
};

asio::awaitable<Result<api::ResourceAnswer>> answer_here(const ResourceTarget& target,
                                                         const api::ResourceRequest& request) {
  co_return target(request);
}

}  // namespace

Connection::Connection(std::unique_ptr<ByteStream> stream, Service& service)
    : service_(service), owned_(std::move(stream)), stream_(*owned_) {}

void Connection::drain() {
  if (session_) session_->drain();
  if (idle_) abort();
}

void Connection::abort() {
  stream_.close();
}

asio::awaitable<void> Connection::run() {
  stream_.expires_after(service_.options.limits.handshake_time);
  if (!co_await stream_.open()) co_return;
  while (!service_.draining) {
    idle_ = true;
    const bool coming = co_await await_request(stream_, buffer_, service_.options.limits);
    idle_ = false;
    if (!coming || !co_await serve_one()) break;
  }
  co_await stream_.end_writing();
  stream_.close();
}

Exchange Connection::exchange_of(const HttpRequest& request) const {
  return {.request_id = request_id_of(request),
          .http_version = request.version() == 10 ? 10u : 11u,
          // An old client knows the end of a stream by that of the connection.
          .keep_alive = request.version() != 10 && request.keep_alive() && !service_.draining,
          .head_only = request.method() == http::verb::head,
          .gzip = accepts_gzip(to_view(request[http::field::accept_encoding])),
          .headers = cors_headers(service_.options, to_view(request[http::field::origin]))};
}

// Serves one request; false when the connection is to end.
asio::awaitable<bool> Connection::serve_one() {
  auto request = co_await read_http_request(stream_, buffer_, service_.options.limits);
  if (!request) co_return co_await refuse(request.error());

  const Exchange exchange = exchange_of(*request);
  const std::string_view method = to_view(request->method_string());
  if (auto foreign = foreign_host_reply(service_.options, service_.here_alone,
                                        to_view((*request)[http::field::host]))) {
    co_return co_await write(exchange, std::move(*foreign)) && exchange.keep_alive;
  }
  const Sender sender{.origin = to_view((*request)[http::field::origin]),
                      .fetch_site = to_view((*request)["sec-fetch-site"]),
                      .host = to_view((*request)[http::field::host])};
  if (auto foreign = foreign_page_reply(service_.options, method, sender)) {
    co_return co_await write(exchange, std::move(*foreign)) && exchange.keep_alive;
  }
  if (auto preflight = preflight_reply(service_.options, method)) {
    co_return co_await write(exchange, std::move(*preflight)) && exchange.keep_alive;
  }
  auto match = service_.routes.find(method, to_view(request->target()));
  if (!match) co_return co_await write(exchange, std::move(match.error())) && exchange.keep_alive;
  if (auto refused = upgrade_reply(*request, *match->route, service_.options)) {
    match->route->counters.count(refused->status);
    co_return co_await write(exchange, std::move(*refused)) && exchange.keep_alive;
  }
  if (std::holds_alternative<SocketTarget>(match->route->target)) {
    co_return co_await serve_socket(*match->route, *request, exchange);
  }
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
  if (std::holds_alternative<LongQueryTarget>(match->route->target)) {
    co_return co_await serve_long_query(std::move(*match), std::move(request->body()), exchange);
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
  return {parts.router, {parts.memory.database, parts.memory.seal, owner_of(request)}};
}

asio::awaitable<bool> Connection::serve_call(RouteMatch match, HttpRequest request,
                                             const Exchange& exchange) {
  if (service_.draining) {
    Error error{ErrorCode::Overloaded, "The server is shutting down: ask again later."};
    co_return co_await refuse_call(match, std::move(error), exchange);
  }
  const auto headers = read_call_headers(request);
  if (!headers) co_return co_await refuse_call(match, headers.error(), exchange);
  CallBody call{*headers, std::move(request.body()), context_of(request)};
  if (!headers->idempotency_key.empty()) co_return co_await serve_once(match, call, exchange);
  co_return co_await answer_call(match, call, exchange, nullptr) && exchange.keep_alive;
}

// Answers a call whose key may have been seen before.
asio::awaitable<bool> Connection::serve_once(const RouteMatch& match, CallBody& call,
                                             const Exchange& exchange) {
  RequestIdentity identity = co_await asio::co_spawn(
      service_.pool, identify(call.headers, match.route->path, call.body), asio::use_awaitable);
  auto first = co_await (until_client_leaves(stream_, buffer_) ||
                         service_.idempotency.claim(std::move(identity)));
  auto* outcome = std::get_if<IdempotencyTable::Outcome>(&first);
  if (!outcome) co_return false;
  if (std::holds_alternative<IdempotencyTable::OtherBody>(*outcome)) {
    const auto& target = std::get<CallTarget>(match.route->target);
    Reply reply = other_body_reply(target.write_error);
    match.route->counters.count(reply.status);
    co_return co_await write(exchange, std::move(reply)) && exchange.keep_alive;
  }
  const Exchange again = replayed(exchange);
  if (const auto* kept = std::get_if<IdempotencyTable::Kept>(outcome)) {
    match.route->counters.count((*kept)->status);
    co_return co_await write(again, **kept) && exchange.keep_alive;
  }
  if (const auto* shared = std::get_if<IdempotencyTable::Shared>(outcome)) {
    co_return co_await answer_again(match, *shared, again) && exchange.keep_alive;
  }
  auto& claim = std::get<IdempotencyTable::Claim>(*outcome);
  co_return co_await answer_call(match, call, exchange, &claim) && exchange.keep_alive;
}

// Writes an answer that was begun for another client; false when the connection is to end.
asio::awaitable<bool> Connection::answer_again(const RouteMatch& match,
                                               std::shared_ptr<runs::Run> run,
                                               const Exchange& exchange) {
  Answer answer(service_, stream_, buffer_, exchange);
  const AnswerEnd end = co_await answer.repeat(std::move(run), too_long_to_keep());
  match.route->counters.count(end.status);
  co_return end.client_here;
}

// Answers a call; false when the connection is to end. Where `claim` is set, the answer is kept for
// those who ask again.
asio::awaitable<bool> Connection::answer_call(const RouteMatch& match, CallBody& given,
                                              const Exchange& exchange,
                                              IdempotencyTable::Claim* claim) {
  const auto& target = std::get<CallTarget>(match.route->target);
  auto call = co_await read_body(service_, target, given.body, given.context);
  if (!call) co_return co_await refuse_call(match, call.error(), exchange);
  keep_deadline(given.headers.deadline, call->request.limits);
  Answer answer(service_, stream_, buffer_, exchange);
  auto run = co_await answer.begin(api::order_of(std::move(*call), given.context.memory.owner));
  if (!run) co_return co_await refuse_call(match, run.error(), exchange);
  const bool shared = claim && answer.goes_on_alone();
  if (shared) {
    // On the pool: a network thread that drains would wait for it.
    asio::co_spawn(service_.pool, keep_at_end(std::move(*claim), *run, target.write_error),
                   asio::detached);
  }
  Transcript transcript;
  const AnswerEnd end = co_await answer.write(claim && !shared ? &transcript : nullptr);
  match.route->counters.count(end.status);
  if (claim && !shared && end.complete) {
    claim->keep(reply_of(std::move(transcript), (*run)->form(), target.write_error));
  }
  co_return end.client_here;
}

// Tells what is wrong with a call; false when the connection is to end.
asio::awaitable<bool> Connection::refuse_call(const RouteMatch& match, Error error,
                                              const Exchange& exchange) {
  const auto& target = std::get<CallTarget>(match.route->target);
  match.route->counters.count(http_status(error.code));
  co_return co_await write(exchange, error_reply(error, target.write_error)) && exchange.keep_alive;
}

// Serves the connection as a WebSocket, to its end.
asio::awaitable<bool> Connection::serve_socket(Route& route, const HttpRequest& request,
                                               const Exchange& exchange) {
  const auto headers = read_call_headers(request);
  if (!headers) {
    co_return co_await write(exchange, error_reply(headers.error())) && exchange.keep_alive;
  }
  session_.emplace(service_, route, stream_, buffer_,
                   SocketCaller{context_of(request), headers->deadline});
  co_await session_->run(request, upgrade_headers(exchange));
  session_.reset();
  co_return false;
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

asio::awaitable<bool> Connection::serve_long_query(RouteMatch match, std::string body,
                                                   const Exchange& exchange) {
  const auto& target = std::get<LongQueryTarget>(match.route->target);
  const Counted counted(service_.long_queries);
  if (service_.long_queries > service_.options.limits.long_queries) {
    const Error error{ErrorCode::Overloaded, "Too many requests for embeddings wait: ask later."};
    match.route->counters.count(http_status(error.code));
    co_return co_await write(exchange, error_reply(error, target.write_error)) &&
        exchange.keep_alive;
  }
  const std::stop_source stop;
  auto computing = asio::co_spawn(
      service_.long_pool, compute(target.read, body, service_.parts.router, stop.get_token()),
      asio::use_awaitable);
  auto first = co_await (stop_when_client_leaves(stop) || std::move(computing));
  const auto* answer = std::get_if<Result<std::string>>(&first);
  if (!answer) co_return false;
  Reply reply =
      *answer ? Reply{.body = **answer} : error_reply(answer->error(), target.write_error);
  match.route->counters.count(reply.status);
  co_return co_await write(exchange, std::move(reply)) && exchange.keep_alive;
}

asio::awaitable<void> Connection::stop_when_client_leaves(std::stop_source stop) {
  co_await until_client_leaves(stream_, buffer_);
  stop.request_stop();
}

asio::awaitable<bool> Connection::serve_resource(RouteMatch match, HttpRequest request,
                                                 const Exchange& exchange) {
  const auto& target = std::get<ResourceTarget>(match.route->target);
  api::ResourceRequest asked{
      .ids = std::move(match.matched),
      .query = query_of(to_view(request.target())),
      .body = request.body(),
      .content_type = std::string(to_view(request[http::field::content_type])),
      .owner = owner_of(request)};
  auto answer =
      co_await asio::co_spawn(service_.storage, answer_here(target, asked), asio::use_awaitable);
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

// Writes a whole reply; false when the client did not take it.
asio::awaitable<bool> Connection::write(const Exchange& exchange, Reply reply) {
  co_return co_await send_reply(stream_, service_, exchange, std::move(reply));
}

}  // namespace melete::server
