// A client made of one blocking socket, so that tests decide every byte and when it is sent.

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "base/json.h"

namespace melete::server {

struct HttpReply {
  int status = 0;  // 0: the connection ended first
  std::map<std::string, std::string> headers;
  std::string body;

  Json json() const { return Json::parse(body); }
};

// One connection to 127.0.0.1. Reads give up after ten seconds.
class HttpClient {
 public:
  // `receive_bytes` is what the kernel keeps for it; 0: as usual.
  explicit HttpClient(uint16_t port, int receive_bytes = 0);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Writes all of it; false when the server has closed.
  bool send(const std::string& bytes);

  // Reads one reply: by content-length, by chunks, or to the connection's end.
  HttpReply read_reply();

  // Reads on until `text` has been seen in all that came so far.
  bool read_until(const std::string& text);

  // What came so far and was not taken as a reply.
  const std::string& received() const { return received_; }

  // Reads what has come, waiting for something; false when the server has closed.
  bool read_more();

  // True when the server ends the connection within `time`.
  bool closed_within(std::chrono::milliseconds time);

  void close();

 private:
  std::string take(size_t bytes);
  std::string take_line();
  std::string take_chunks();

  int socket_ = -1;
  std::string received_;
};

// The text of a request with a body.
std::string post(const std::string& path, const std::string& body);
std::string get(const std::string& path);

// The text of a request with a body, which may be empty, from the caller with this key.
struct KeyedRequest {
  std::string method;
  std::string path;
  std::string body{};
  std::string key{};  // sent as a bearer token; empty: none
};
std::string text_of(const KeyedRequest& request);

}  // namespace melete::server
