// What the server itself costs: many open streams at a steady pace, and slow readers beside them.
//
// The server runs in a child process over a backend that computes nothing; the clients run in this
// one, on the same cores. Usage: server_load [STREAMS [SECONDS]]; prints Markdown.

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/metrics.h"
#include "gateway/router.h"
#include "server/server.h"
#include "server_load/paced_backend.h"
#include "server_load/readers.h"

namespace melete::bench {
namespace {

using std::chrono::milliseconds;

constexpr double kSteadyPace = 5;    // pieces a second of one stream
constexpr double kFloodPace = 2000;  // fills what a slow reader leaves
constexpr int kSlowReaders = 1000;
constexpr int kNormalReaders = 100;

void allow_many_files() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// The child: tells its port, and serves until the parent is gone.
void serve(int tell, int until_closed) {
  const auto pacer = std::make_shared<Pacer>();
  std::vector<gateway::ServedModel> models;
  models.push_back({"steady", std::make_unique<PacedBackend>(pacer, kSteadyPace)});
  models.push_back({"flood", std::make_unique<PacedBackend>(pacer, kFloodPace)});
  gateway::Router router(std::move(models));
  Metrics metrics;
  server::ServerOptions options;
  options.port = 0;
  options.drain = milliseconds(0);
  const auto started = server::Server::start(options, {router, router, metrics});
  if (!started) return;
  const uint16_t port = (*started)->port();
  if (::write(tell, &port, sizeof port) != sizeof port) return;
  char ignored = 0;
  (void)::read(until_closed, &ignored, 1);
}

// A server in a process of its own.
class ServerProcess {
 public:
  ServerProcess() {
    std::array<int, 2> told{};
    std::array<int, 2> held{};
    if (pipe(told.data()) != 0 || pipe(held.data()) != 0) return;
    process_ = fork();
    if (process_ == 0) {
      ::close(held[1]);
      serve(told[1], held[0]);
      _exit(0);
    }
    ::close(told[1]);
    ::close(held[0]);
    held_ = held[1];
    if (::read(told[0], &port_, sizeof port_) != sizeof port_) port_ = 0;
    ::close(told[0]);
  }
  ~ServerProcess() {
    ::close(held_);
    waitpid(process_, nullptr, 0);
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  uint16_t port() const { return port_; }

  // Resident memory in bytes.
  int64_t memory() const {
    std::ifstream file(fmt::format("/proc/{}/statm", process_));
    int64_t all = 0;
    int64_t resident = 0;
    file >> all >> resident;
    return resident * sysconf(_SC_PAGESIZE);
  }

  // Processor time so far, in seconds.
  double processor_seconds() const {
    std::ifstream file(fmt::format("/proc/{}/stat", process_));
    std::string field;
    constexpr int kBeforeUserTime = 13;
    for (int index = 0; index < kBeforeUserTime; ++index) file >> field;
    int64_t user = 0;
    int64_t system = 0;
    file >> user >> system;
    return static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  }

 private:
  pid_t process_ = -1;
  int held_ = -1;
  uint16_t port_ = 0;
};

void print_row(const std::string& what, const Delays& delays, double seconds, double processor) {
  fmt::print("| {} | {:.0f} | {:.2f} | {:.2f} | {:.2f} | {:.1f} | {:.2f} |\n", what,
             static_cast<double>(delays.count()) / seconds, delays.percentile(0.5) / 1000,
             delays.percentile(0.99) / 1000, delays.percentile(0.999) / 1000, delays.most() / 1000,
             processor / seconds);
  std::fflush(stdout);
}

void measure(const std::string& what, Readers& readers, const ServerProcess& server,
             std::chrono::seconds time) {
  const double before = server.processor_seconds();
  const Delays delays = readers.read_for(time);
  print_row(what, delays, static_cast<double>(time.count()), server.processor_seconds() - before);
}

void many_streams(int streams, std::chrono::seconds time) {
  const ServerProcess server;
  const int64_t empty = server.memory();
  Readers readers(server.port());
  readers.open(streams, "steady", Reading::AtOnce);
  readers.read_for(std::chrono::seconds(3));
  measure(fmt::format("{} streams at {} pieces/s", streams, kSteadyPace), readers, server, time);
  fmt::print(
      "\n{} streams open, {} lost, {} silent; memory of the server {:.1f} MiB, {:.1f} KiB a "
      "stream\n\n",
      streams, readers.lost(), readers.silent(), static_cast<double>(server.memory()) / (1 << 20),
      static_cast<double>(server.memory() - empty) / 1024 / streams);
}

void slow_readers(std::chrono::seconds time) {
  const ServerProcess server;
  Readers readers(server.port());
  readers.open(kNormalReaders, "steady", Reading::AtOnce);
  readers.read_for(std::chrono::seconds(2));
  measure(fmt::format("{} streams alone", kNormalReaders), readers, server, time);
  const int64_t before = server.memory();
  readers.open(kSlowReaders, "flood", Reading::OneByteASecond);
  readers.read_for(std::chrono::seconds(15));
  measure(fmt::format("the same beside {} that read a byte a second", kSlowReaders), readers,
          server, time);
  fmt::print("\n{} lost; memory of the server {:.1f} MiB, {:.1f} KiB a slow reader\n\n",
             readers.lost(), static_cast<double>(server.memory()) / (1 << 20),
             static_cast<double>(server.memory() - before) / 1024 / kSlowReaders);
}

int number_or(int usual, const char* text) {
  std::from_chars(text, text + std::string_view(text).size(), usual);
  return usual;
}

}  // namespace
}  // namespace melete::bench

int main(int argc, char** argv) {
  using namespace melete::bench;
  allow_many_files();
  const int streams = argc > 1 ? number_or(10'000, argv[1]) : 10'000;
  const std::chrono::seconds time(argc > 2 ? number_or(20, argv[2]) : 20);
  try {
    fmt::print(
        "| load | pieces/s | p50 ms | p99 ms | p99.9 ms | most ms | server's cores |\n"
        "|---|---|---|---|---|---|---|\n");
    many_streams(streams, time);
    slow_readers(time);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
