// Redirects, the pool of idle connections, and the answer as a stream of pieces.

#include "net/http_client.h"

#include <fmt/format.h>

#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/string.hpp>
#include <functional>
#include <map>
#include <utility>

#include "base/base64.h"
#include "net/http_connection.h"

namespace melete::net {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

constexpr size_t kPieceBytes = 64 * 1024;
constexpr uint32_t kHeaderLimit = 64 * 1024;

bool same_name(std::string_view a, std::string_view b) {
  return beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool is_repeatable(const HttpRequest& request) {
  return request.method == "GET" || request.method == "HEAD";
}

HttpHead head_of(const ResponseParser& parser, const Url& url) {
  HttpHead head;
  head.status = static_cast<int>(parser.get().result_int());
  head.url = url;
  for (const auto& field : parser.get()) {
    head.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  }
  return head;
}

RequestMessage message_of(const HttpRequest& request, const std::optional<Url>& proxy) {
  const bool absolute = proxy && !request.url.is_https();
  RequestMessage message;
  message.version(11);
  message.method_string(request.method);
  message.target(absolute ? request.url.text() : request.url.target);
  message.set(http::field::host, request.url.authority());
  message.set(http::field::user_agent, "melete");
  if (absolute && !proxy->credentials.empty()) {
    message.set(http::field::proxy_authorization, "Basic " + base64(proxy->credentials));
  }
  if (!request.url.credentials.empty()) {
    message.set(http::field::authorization, "Basic " + base64(request.url.credentials));
  }
  for (const HttpHeader& header : request.headers) message.set(header.name, header.value);
  message.body() = request.body;
  message.prepare_payload();
  return message;
}

}  // namespace

// What outlives a single request. Exchanges give connections back to it while it lives.
class HttpClient::Parts {
 public:
  Parts(asio::any_io_executor executor, HttpClientOptions options)
      : executor_(std::move(executor)),
        options_(std::move(options)),
        tls_(asio::ssl::context::tls_client) {
    boost::system::error_code ignored;
    tls_.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                         asio::ssl::context::no_tlsv1_1,
                     ignored);
  }

  const HttpClientOptions& options() const { return options_; }

  asio::awaitable<Result<std::unique_ptr<HttpConnection>>> open(Endpoint endpoint) {
    if (endpoint.url.is_https()) load_authorities();
    return HttpConnection::open(executor_, tls_, std::move(endpoint));
  }

  // An idle connection that still seems to be open, or null.
  std::unique_ptr<HttpConnection> take(const std::string& key) {
    auto& idle = idle_[key];
    while (!idle.empty()) {
      auto connection = std::move(idle.back());
      idle.pop_back();
      if (connection->is_still_open()) return connection;
    }
    return nullptr;
  }

  void give_back(const std::string& key, std::unique_ptr<HttpConnection> connection) {
    auto& idle = idle_[key];
    if (idle.size() < options_.idle_connections) idle.push_back(std::move(connection));
  }

 private:
  // Only once https is used: reading the system's authorities takes a tenth of a second.
  void load_authorities() {
    if (std::exchange(knows_authorities_, true)) return;
    boost::system::error_code ignored;
    if (options_.authorities.empty()) {
      tls_.set_default_verify_paths(ignored);
    } else {
      tls_.load_verify_file(options_.authorities, ignored);
    }
    if (!options_.trusted.empty()) tls_.load_verify_file(options_.trusted, ignored);
  }

  asio::any_io_executor executor_;
  HttpClientOptions options_;
  asio::ssl::context tls_;
  bool knows_authorities_ = false;
  std::map<std::string, std::vector<std::unique_ptr<HttpConnection>>> idle_;
};

namespace {

// An answer on its connection; what it needs to give the connection back is a function, since the
// pool is the client's.
class Exchange final : public HttpExchange {
 public:
  using GiveBack = std::function<void(std::unique_ptr<HttpConnection>)>;

  Exchange(std::unique_ptr<HttpConnection> connection, std::chrono::seconds read_deadline,
           GiveBack give_back)
      : connection_(std::move(connection)),
        read_deadline_(read_deadline),
        give_back_(std::move(give_back)) {
    parser_.body_limit(boost::none);
    parser_.header_limit(kHeaderLimit);
  }

  asio::awaitable<Result<void>> send(RequestMessage message, std::chrono::seconds deadline) {
    const Result<void> sent = co_await connection_->write(message, deadline);
    parser_.skip(message.method() == http::verb::head);
    // A server that refuses a large body may answer before it has read all of it.
    Result<void> answered = co_await connection_->read_header(parser_, deadline);
    co_return sent || answered ? answered : sent;
  }

  void set_head(const Url& url) { head_ = head_of(parser_, url); }

  const HttpHead& head() const override { return head_; }

  asio::awaitable<Result<std::optional<std::string>>> read() override {
    std::string piece;
    while (piece.empty() && !parser_.is_done()) {
      piece.resize(kPieceBytes);
      auto& body = parser_.get().body();
      body.data = piece.data();
      body.size = piece.size();
      body.more = true;
      Result<void> got = co_await connection_->read_body(parser_, read_deadline_);
      if (!got) co_return std::unexpected(got.error());
      piece.resize(kPieceBytes - body.size);
    }
    if (!piece.empty()) co_return std::optional<std::string>(std::move(piece));
    if (connection_ && parser_.keep_alive()) give_back_(std::move(connection_));
    connection_.reset();
    co_return std::optional<std::string>();
  }

 private:
  std::unique_ptr<HttpConnection> connection_;
  std::chrono::seconds read_deadline_;
  GiveBack give_back_;
  ResponseParser parser_;
  HttpHead head_;
};

// What must not be told to another host.
void drop_secrets(HttpRequest& request) {
  std::erase_if(request.headers, [](const HttpHeader& header) {
    return same_name(header.name, "Authorization") || same_name(header.name, "Cookie");
  });
}

}  // namespace

std::optional<std::string> HttpHead::header(std::string_view name) const {
  for (const HttpHeader& header : headers) {
    if (same_name(header.name, name)) return header.value;
  }
  return std::nullopt;
}

HttpClient::HttpClient(asio::any_io_executor executor, HttpClientOptions options)
    : parts_(std::make_shared<Parts>(std::move(executor), std::move(options))) {}

HttpClient::~HttpClient() = default;

asio::awaitable<Result<std::unique_ptr<HttpExchange>>> HttpClient::start(HttpRequest request) {
  for (int redirects = 0;; ++redirects) {
    Result<std::unique_ptr<HttpExchange>> answered = co_await send_once(request);
    if (!answered) co_return answered;
    const HttpHead& head = (*answered)->head();
    const auto location = head.header("Location");
    const bool follows = is_redirect(head.status) && location && is_repeatable(request);
    if (!follows || request.redirect_limit == 0) co_return answered;
    if (redirects == request.redirect_limit) {
      co_return fail(ErrorCode::Unavailable, fmt::format("{} leads through more than {} redirects",
                                                         request.url.text(), redirects));
    }
    auto next = resolve_url(request.url, *location);
    if (!next) co_return std::unexpected(next.error());
    if (request.url.is_https() && !next->is_https()) {
      co_return fail(
          ErrorCode::Unavailable,
          fmt::format("{} leads from https to http, which is not followed", request.url.text()));
    }
    const bool same_place = next->host == request.url.host && next->port == request.url.port;
    if (!same_place) drop_secrets(request);
    if (same_place && next->credentials.empty()) next->credentials = request.url.credentials;
    request.url = std::move(*next);
  }
}

asio::awaitable<Result<std::unique_ptr<HttpExchange>>> HttpClient::send_once(
    const HttpRequest& request) {
  const auto proxy = proxy_for(request.url, parts_->options().proxies);
  if (!proxy) co_return std::unexpected(proxy.error());
  const std::string key = fmt::format("{}://{} via {}", request.url.scheme, request.url.authority(),
                                      *proxy ? (*proxy)->authority() : "nothing");
  const RequestMessage message = message_of(request, *proxy);
  std::unique_ptr<HttpConnection> connection = parts_->take(key);
  bool is_reused = connection != nullptr;
  for (;;) {
    if (!connection) {
      Endpoint endpoint{request.url, *proxy, request.connect_deadline};
      auto opened = co_await parts_->open(std::move(endpoint));
      if (!opened) co_return std::unexpected(opened.error());
      connection = std::move(*opened);
    }
    std::weak_ptr<Parts> pool = parts_;
    auto give_back = [pool, key](std::unique_ptr<HttpConnection> idle) {
      if (const auto parts = pool.lock()) parts->give_back(key, std::move(idle));
    };
    auto exchange =
        std::make_unique<Exchange>(std::move(connection), request.read_deadline, give_back);
    Result<void> sent = co_await exchange->send(message, request.answer_deadline);
    if (sent) {
      exchange->set_head(request.url);
      co_return std::unique_ptr<HttpExchange>(std::move(exchange));
    }
    // A server may close an idle connection just as it is used again.
    const bool again =
        is_reused && is_repeatable(request) && sent.error().code == ErrorCode::Unavailable;
    if (!again) co_return std::unexpected(sent.error());
    is_reused = false;
  }
}

asio::awaitable<Result<std::string>> read_all(HttpExchange& exchange, size_t limit) {
  std::string body;
  for (;;) {
    auto piece = co_await exchange.read();
    if (!piece) co_return std::unexpected(piece.error());
    if (!*piece) co_return body;
    if (body.size() + (*piece)->size() > limit) {
      co_return fail(ErrorCode::TooLarge, fmt::format("{} answers with more than {} bytes",
                                                      exchange.head().url.text(), limit));
    }
    body += **piece;
  }
}

}  // namespace melete::net
