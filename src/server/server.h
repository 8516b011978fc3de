// The HTTP server: Melete's public API and its page, on one thread for each core.
//
// Its routes are those of the contract (src/api/openapi.json, served as /openapi.json) and the
// files of the options.

#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "server/options.h"

namespace melete::server {

// Thread-safe: all calls from any thread, but not from a signal handler.
class Server {
 public:
  // Listens and serves at once. Fails with Conflict where the port is taken, Forbidden where it may
  // not be used, InvalidArgument where the host is no address of this machine; each blames `host`
  // or `port`.
  static Result<std::unique_ptr<Server>> start(ServerOptions options, ServerParts parts);

  // As stop() and wait().
  ~Server();

  // The port it listens on.
  uint16_t port() const;

  // E.g. "http://127.0.0.1:8080".
  std::string url() const;

  // Takes no more connections or requests, lets running answers finish for `ServerOptions::drain`,
  // then ends those left as incomplete (finish reason "stopped") and closes. Returns at once; a
  // second call does nothing.
  void stop();

  // Blocks until a stop is complete: at most four seconds after the drain time.
  void wait();

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace melete::server
