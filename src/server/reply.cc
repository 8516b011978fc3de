#include "server/reply.h"

#include <fmt/format.h>

#include <boost/beast/http/status.hpp>
#include <iterator>
#include <utility>

#include "server/compression.h"

namespace melete::server {

namespace {

Reply failed_reply(int status, std::string body) {
  Reply reply{.status = status, .body = std::move(body)};
  if (status == 429 || status == 503) reply.headers.emplace_back("retry-after", "1");
  return reply;
}

}  // namespace

Reply error_reply(const Error& error, int status) {
  return failed_reply(status, api::openai_error_body(error));
}

Reply error_reply(const Error& error, api::ErrorWriter write) {
  return error_reply(error, write(error));
}

Reply error_reply(const Error& error, std::string body) {
  return failed_reply(http_status(error.code), std::move(body));
}

Reply error_reply(const Error& error) {
  return error_reply(error, http_status(error.code));
}

std::string write_head(const Exchange& exchange, const Reply& reply, const Headers& framing) {
  const auto status = boost::beast::http::int_to_status(static_cast<unsigned>(reply.status));
  const boost::beast::string_view reason = boost::beast::http::obsolete_reason(status);
  std::string head;
  auto out = std::back_inserter(head);
  fmt::format_to(
      out, "HTTP/1.{} {} {}\r\nserver: melete\r\ncontent-type: {}\r\nx-request-id: {}\r\n",
      exchange.http_version - 10, reply.status, std::string_view(reason.data(), reason.size()),
      reply.content_type, exchange.request_id);
  fmt::format_to(out, "connection: {}\r\n", exchange.keep_alive ? "keep-alive" : "close");
  for (const Headers* headers : {&framing, &exchange.headers, &reply.headers}) {
    for (const auto& [name, value] : *headers) fmt::format_to(out, "{}: {}\r\n", name, value);
  }
  head += "\r\n";
  return head;
}

std::string write_reply(const Exchange& exchange, const Reply& reply) {
  Headers framing;
  std::string packed;
  const bool worth = worth_compressing(reply.content_type, reply.body.size());
  if (worth) framing.emplace_back("vary", "accept-encoding");
  if (worth && exchange.gzip) {
    packed = gzipped(reply.body);
    framing.emplace_back("content-encoding", "gzip");
  }
  const std::string& body = packed.empty() ? reply.body : packed;
  if (reply.status != 204) framing.emplace_back("content-length", std::to_string(body.size()));
  std::string text = write_head(exchange, reply, framing);
  if (!exchange.head_only) text += body;
  return text;
}

}  // namespace melete::server
