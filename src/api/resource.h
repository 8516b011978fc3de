// What is kept between requests, as the API shows it: conversations, files. Each call on such a
// resource is a function of the request and the stores.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "runs/run.h"
#include "store/database.h"

namespace melete::api {

// One call, with its method and path already understood.
struct ResourceRequest {
  std::vector<std::string> ids;  // those of the path, in its order, as many as the route has
  std::multimap<std::string, std::string, std::less<>> query;  // decoded
  std::string_view body;     // not owned: lives as long as the call
  std::string content_type;  // of the body, e.g. "multipart/form-data; boundary=x"
  std::string owner;         // a digest of the caller's key; empty where there are no keys
};

// What a call gives: a body, or events that go on as an answer does.
struct ResourceAnswer {
  std::string body;
  std::string content_type = "application/json";
  std::shared_ptr<runs::Run> run{};  // set: its frames after number `after` are the reply
  int64_t after = -1;
};

// The body of the reply to a call that succeeds: JSON, but for a file's content. Thread-safe;
// blocks on the database, so it belongs on a worker thread.
using ResourceHandler = Result<std::string> (*)(const ResourceRequest& request,
                                                store::Database& stores);

}  // namespace melete::api
