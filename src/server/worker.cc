#include "server/worker.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <utility>
#include <vector>

#include "base/log.h"

namespace melete::server {

namespace asio = boost::asio;

namespace {

// Counts a connection as long as it lives, also where its coroutine ends by an exception.
class Counted {
 public:
  explicit Counted(Service& service) : service_(service) { service_.counters.connections.add(1); }
  ~Counted() {
    service_.counters.connections.add(-1);
    --service_.connections;
  }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  Service& service_;
};

// What a client has not taken waits with its answer, not in the kernel, but for so many bytes.
void set_up(asio::ip::tcp::socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  constexpr int kMostUnsent = 64 << 10;
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kMostUnsent,
               sizeof kMostUnsent);
}

void log_fault(std::exception_ptr fault) {
  if (!fault) return;
  try {
    std::rethrow_exception(fault);
  } catch (const std::exception& error) {
    log_event(LogLevel::Error, "connection_failed", {{"what", std::string(error.what())}});
  }
}

}  // namespace

Worker::Worker(Service& service)
    : service_(service),
      work_(asio::make_work_guard(context_)),
      thread_([this] { context_.run(); }) {}

Worker::~Worker() {
  stop();
  join();
}

void Worker::adopt(asio::ip::tcp::socket socket) {
  ++service_.connections;
  asio::co_spawn(context_, serve(std::move(socket)), log_fault);
}

asio::awaitable<void> Worker::serve(asio::ip::tcp::socket socket) {
  const Counted counted(service_);
  set_up(socket);
  Connection connection(service_.tls ? make_tls_stream(std::move(socket), *service_.tls)
                                     : make_plain_stream(std::move(socket)),
                        service_);
  connections_.insert(&connection);
  struct Forget {
    std::unordered_set<Connection*>& connections;
    Connection* connection;
    ~Forget() { connections.erase(connection); }
  } const forget{connections_, &connection};
  co_await connection.run();
}

void Worker::for_each(std::function<void(Connection&)> work) {
  asio::post(context_, [this, work = std::move(work)] {
    const std::vector<Connection*> connections(connections_.begin(), connections_.end());
    for (Connection* connection : connections) work(*connection);
  });
}

void Worker::finish() {
  work_.reset();
}

void Worker::stop() {
  context_.stop();
}

void Worker::join() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace melete::server
