// A server with a database in a folder of its own, which can be ended and started again.

#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "server/test_server.h"
#include "store/database.h"
#include "store/seal.h"

namespace melete::server {

class StatefulServer {
 public:
  // In a new folder, which goes with the server; or in `folder`, which stays.
  explicit StatefulServer(chat::FakeScript script = chat::answers("Hello there."),
                          ServerOptions options = {});
  StatefulServer(chat::FakeScript script, std::filesystem::path folder, ServerOptions options = {});
  ~StatefulServer();

  // Ends the server as a signal does and starts the next one on the same database.
  void restart(chat::FakeScript script);

  // One request on a connection of its own.
  HttpReply ask(const KeyedRequest& request) const;

  // POST /v1/responses with "model": "tiny" and these fields, as JSON text.
  HttpReply respond(const std::string& fields, const std::string& key = "") const;
  HttpReply fetch(const std::string& path, const std::string& key = "") const;

  // The same until the response has this status.
  Json await_status(const std::string& id, const std::string& status) const;

  TestServer& server() { return *server_; }
  store::Database& database() { return *database_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  void start(chat::FakeScript script, ServerOptions options);

  const std::filesystem::path folder_;
  const bool keeps_folder_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<store::Seal> seal_;
  std::unique_ptr<TestServer> server_;
};

// The data of each frame of an event stream, without its end mark.
std::vector<Json> events_in(const std::string& stream);

}  // namespace melete::server
