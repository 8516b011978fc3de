// Wakes coroutines that wait for something to change, on whatever threads they run.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>
#include <memory>
#include <mutex>
#include <vector>

namespace melete::runs {

// Used as: take a ticket, look whether there is anything to do, and only then wait on the ticket.
// What changes after the look is told to the ticket, so nothing is missed.
//
// Thread-safe.
class Signal {
 public:
  using Channel = boost::asio::experimental::concurrent_channel<boost::asio::any_io_executor,
                                                                void(boost::system::error_code)>;

  // Good for one wait by one coroutine.
  class Ticket {
   public:
    explicit Ticket(std::shared_ptr<Channel> channel) : channel_(std::move(channel)) {}

    // Returns once notify() was called after this ticket was taken. Asio cancellation ends the wait
    // by throwing operation_aborted.
    boost::asio::awaitable<void> wait();

   private:
    std::shared_ptr<Channel> channel_;
  };

  Ticket ticket(const boost::asio::any_io_executor& executor);
  void notify();

 private:
  std::mutex mutex_;
  std::vector<std::weak_ptr<Channel>> tickets_;  // guarded by mutex_
};

}  // namespace melete::runs
