// A whole HTTP reply as a value, and how it is put on the wire.

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "api/error_body.h"
#include "base/error.h"

namespace melete::server {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Reply {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  Headers headers;
};

// The error as JSON in OpenAI's form, with the status of its code.
Reply error_reply(const Error& error);

// The same in the form of a dialect.
Reply error_reply(const Error& error, api::ErrorWriter write);

// The same with a body that a dialect has written already.
Reply error_reply(const Error& error, std::string body);

// The same with a status that has no code of its own, such as 405.
Reply error_reply(const Error& error, int status);

// What the rest of an exchange needs to know of its request.
struct Exchange {
  std::string request_id;
  unsigned http_version = 11;  // 10 or 11
  bool keep_alive = true;      // after this reply
  bool head_only = false;      // a HEAD request
  bool gzip = false;           // the client takes it
  Headers headers;             // for every reply of this exchange
};

// The head of a reply, its blank line included. `framing` says how the end of the body is known,
// e.g.
// {"content-length", "12"}.
std::string write_head(const Exchange& exchange, const Reply& reply, const Headers& framing);

// Head and body, under gzip where the client takes it and the body gains by it.
std::string write_reply(const Exchange& exchange, const Reply& reply);

}  // namespace melete::server
