// What a server is told at its start: where to listen, what to bear, and how long to wait.

#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/memory.h"
#include "base/error.h"
#include "base/metrics.h"
#include "chat/backend.h"
#include "gateway/router.h"
#include "jobs/tuning_jobs.h"
#include "runs/run_queue.h"

namespace melete::server {

struct ServerLimits {
  uint32_t header_bytes = 16 << 10;  // of a request's head
  uint64_t body_bytes = 32 << 20;    // of a request's body
  int connections = 16384;           // open at once; more are told to come back
  int long_queries = 64;             // embeddings at once; more are told to come back
  size_t waiting_messages = 16;      // on a WebSocket behind the one that is answered; more end it
  std::chrono::milliseconds handshake_time{10'000};  // for TLS to begin
  std::chrono::milliseconds idle_time{75'000};       // between two requests of a connection
  std::chrono::milliseconds header_time{
      10'000};  // from a request's first byte to the end of its head
  std::chrono::milliseconds body_time{120'000};   // for the body
  std::chrono::milliseconds write_time{300'000};  // for a client to take one piece of an answer
  std::chrono::milliseconds comment_interval{
      15'000};  // a silent stream says that it lives this often
  std::chrono::milliseconds socket_time{3'600'000};  // for a WebSocket to last
};

// A file served from memory.
struct StaticFile {
  std::string path;          // e.g. "/"
  std::string content_type;  // e.g. "text/html; charset=utf-8"
  std::string content;
};

// A certificate (with those that vouch for it) and its key, as PEM files.
struct TlsFiles {
  std::filesystem::path certificate;
  std::filesystem::path key;
};

struct ServerOptions {
  std::string host = "127.0.0.1";  // an address or a name
  uint16_t port = 8080;            // 0: any free one
  int threads = 0;                 // network threads; 0: one for each core
  std::optional<TlsFiles> tls;     // unset: plain HTTP
  ServerLimits limits;
  std::vector<StaticFile> files;
  std::chrono::milliseconds drain{10'000};  // for running answers to finish after stop()
  std::chrono::milliseconds end{2'000};     // for those that were stopped then to end
  std::vector<std::string>
      cors_origins;  // web pages of these origins may call; "*": all; empty: none
  std::vector<std::string>
      allowed_hosts;  // names to answer to beside addresses and localhost; "*": all; empty: none
                      // where `host` is a loopback address, else all (host_names.h)
  runs::RunQueueLimits background;                     // answers that nobody waits for
  std::optional<std::chrono::seconds> keep_responses;  // older ones are erased; unset: none is
  bool restore = true;  // take up what the last server on this database left unfinished
  std::function<Result<void>()> ready;  // the answer of /health/ready; unset: always ready
};

// What a server stands on. All must outlive it.
struct ServerParts {
  chat::Backend& backend;         // answers; modes included
  const gateway::Router& router;  // knows the models by name
  Metrics& metrics;
  api::Memory memory{};                // of no caller
  jobs::TuningJobs* tuning = nullptr;  // teaches models; null: none does
};

}  // namespace melete::server
