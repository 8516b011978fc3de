// A WebSocket client made of Beast, which takes one step after the other.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace melete::server {

// One connection to 127.0.0.1. Each step gives up after 30 seconds.
class SocketClient {
 public:
  using Headers = std::map<std::string, std::string>;

  // Asks for the WebSocket of /v1/responses, with `headers` beside the protocol's own.
  explicit SocketClient(uint16_t port, const Headers& headers = {});
  ~SocketClient();

  // 101 where the server agreed, else the status of its reply; 0 without one.
  int status() const;

  bool send(const std::string& text);
  bool send_binary(const std::string& bytes);

  // Sends a response.create with "model": "tiny" and these fields, as JSON text.
  bool create(const std::string& fields);

  // The next message; nothing once the server has closed.
  std::optional<Json> read();

  // The messages up to the one that ends a turn: a last event or an error.
  std::vector<Json> read_turn();

  // Reads until a message of this type has come; false where the server closed before.
  bool read_until(const std::string& type);

  // What the server said when it closed; read() has given nothing then.
  uint16_t close_code() const;
  std::string close_reason() const;

  // How many pings came while reading.
  int pings() const;

  // Sends one and reads until it is answered; messages must come meanwhile.
  bool ping();

  // Takes leave in good order.
  void close();

 private:
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

// The request for a WebSocket as text, with `headers` ("name: value\r\n" each) in the place of the
// usual ones of the same meaning.
std::string upgrade_text(const std::string& path, const std::string& headers = "");

// A text message as a client's frame; one of less than 126 bytes.
std::string client_frame(const std::string& text);

}  // namespace melete::server
