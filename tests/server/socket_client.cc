#include "server/socket_client.h"

#include <boost/asio/io_context.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace melete::server {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;

struct SocketClient::Parts {
  // Runs one step to its end: `begin` starts it and is given what to call then.
  template <typename Begin>
  bool step(Begin begin) {
    beast::error_code error = asio::error::timed_out;
    beast::get_lowest_layer(socket).expires_after(std::chrono::seconds(30));
    begin([&error](beast::error_code result, auto&&...) { error = result; });
    context.restart();
    context.run();
    beast::get_lowest_layer(socket).expires_never();
    return !error;
  }

  asio::io_context context;
  websocket::stream<beast::tcp_stream, false> socket{context};
  websocket::response_type reply;
  int pings = 0;
  int pongs = 0;
};

SocketClient::SocketClient(uint16_t port, const Headers& headers)
    : parts_(std::make_unique<Parts>()) {
  const asio::ip::tcp::endpoint server(asio::ip::address_v4::loopback(), port);
  auto& socket = parts_->socket;
  parts_->step([&](auto done) { socket.next_layer().async_connect(server, done); });
  socket.set_option(websocket::stream_base::decorator([&](websocket::request_type& request) {
    for (const auto& [name, value] : headers) request.set(name, value);
  }));
  socket.control_callback([this](websocket::frame_type type, beast::string_view) {
    if (type == websocket::frame_type::ping) ++parts_->pings;
    if (type == websocket::frame_type::pong) ++parts_->pongs;
  });
  const std::string host = "127.0.0.1:" + std::to_string(port);
  parts_->step(
      [&](auto done) { socket.async_handshake(parts_->reply, host, "/v1/responses", done); });
}

SocketClient::~SocketClient() = default;

int SocketClient::status() const {
  return static_cast<int>(parts_->reply.result_int());
}

bool SocketClient::send(const std::string& text) {
  parts_->socket.text(true);
  return parts_->step([&](auto done) { parts_->socket.async_write(asio::buffer(text), done); });
}

bool SocketClient::send_binary(const std::string& bytes) {
  parts_->socket.binary(true);
  return parts_->step([&](auto done) { parts_->socket.async_write(asio::buffer(bytes), done); });
}

bool SocketClient::create(const std::string& fields) {
  return send(R"({"type": "response.create", "model": "tiny", )" + fields + "}");
}

std::optional<Json> SocketClient::read() {
  beast::flat_buffer message;
  const bool came = parts_->step([&](auto done) { parts_->socket.async_read(message, done); });
  if (!came) return std::nullopt;
  return Json::parse(beast::buffers_to_string(message.data()));
}

std::vector<Json> SocketClient::read_turn() {
  std::vector<Json> events;
  while (auto event = read()) {
    events.push_back(std::move(*event));
    const std::string type = events.back()["type"];
    if (type == "error" || type == "response.completed" || type == "response.incomplete" ||
        type == "response.failed") {
      break;
    }
  }
  return events;
}

bool SocketClient::read_until(const std::string& type) {
  while (const auto event = read()) {
    if (event->at("type") == type) return true;
  }
  return false;
}

uint16_t SocketClient::close_code() const {
  return parts_->socket.reason().code;
}

std::string SocketClient::close_reason() const {
  return {parts_->socket.reason().reason.data(), parts_->socket.reason().reason.size()};
}

int SocketClient::pings() const {
  return parts_->pings;
}

bool SocketClient::ping() {
  const int before = parts_->pongs;
  if (!parts_->step([&](auto done) { parts_->socket.async_ping({}, done); })) return false;
  while (parts_->pongs == before) {
    if (!read()) return false;
  }
  return true;
}

void SocketClient::close() {
  parts_->step([&](auto done) { parts_->socket.async_close(websocket::close_code::normal, done); });
}

std::string upgrade_text(const std::string& path, const std::string& headers) {
  const auto usual = [&headers](const std::string& name, const std::string& value) {
    return headers.find(name + ":") == std::string::npos ? name + ": " + value + "\r\n" : "";
  };
  return "GET " + path + " HTTP/1.1\r\n" + usual("host", "localhost:8080") +
         usual("connection", "Upgrade") + usual("upgrade", "websocket") +
         usual("sec-websocket-version", "13") +
         usual("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==") + headers + "\r\n";
}

std::string client_frame(const std::string& text) {
  constexpr char kLastText = '\x81';
  constexpr unsigned char kMasked = 0x80;
  const std::string no_mask(4, '\0');
  return kLastText + std::string(1, static_cast<char>(kMasked | text.size())) + no_mask + text;
}

}  // namespace melete::server
