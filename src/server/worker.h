// One network thread with its event loop and the connections that live on it.

#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <thread>
#include <unordered_set>

#include "server/connection.h"

namespace melete::server {

// Calls are thread-safe unless said otherwise.
class Worker {
 public:
  explicit Worker(Service& service);

  // Stops the loop and joins the thread.
  ~Worker();

  // Serves a connection whose socket was made for this worker's loop.
  void adopt(boost::asio::ip::tcp::socket socket);

  // Runs `work` for each connection, soon, on this worker's thread.
  void for_each(std::function<void(Connection&)> work);

  // Ends the loop once nothing is left to do on it, or at once.
  void finish();
  void stop();

  // Waits for the loop's end. Called by one thread.
  void join();

  boost::asio::io_context& context() { return context_; }

 private:
  boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket);

  Service& service_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::unordered_set<Connection*> connections_;  // touched on the thread only
  std::thread thread_;
};

}  // namespace melete::server
