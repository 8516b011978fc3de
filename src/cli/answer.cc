// A stream, a signal set and one event loop.

#include "cli/answer.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <csignal>
#include <exception>
#include <memory>
#include <utility>

namespace melete::cli {
namespace {

namespace asio = boost::asio;

// Stops the stream at the first signal and ends the loop at the second.
class Interrupts {
 public:
  Interrupts(asio::io_context& loop, chat::Stream& stream)
      : loop_(loop), stream_(stream), signals_(loop, SIGINT, SIGTERM) {
    wait();
  }

  bool any() const { return count_ > 0; }
  void cancel() { signals_.cancel(); }

 private:
  void wait() {
    signals_.async_wait([this](boost::system::error_code code, int) {
      if (code) return;
      ++count_;
      const bool stopping = count_ == 1 && stream_.control(chat::Stop{}).has_value();
      if (!stopping) return loop_.stop();
      wait();
    });
  }

  asio::io_context& loop_;
  chat::Stream& stream_;
  asio::signal_set signals_;
  int count_ = 0;
};

asio::awaitable<void> read_to_end(chat::Stream& stream, AnswerPrinter& printer, Answer& answer) {
  while (auto event = co_await stream.next()) {
    printer.add(*event);
    chat::add_event(answer.completion, *event);
  }
}

}  // namespace

Answer run_answer(chat::Backend& backend, chat::Request request, AnswerPrinter& printer) {
  const Instant start = system_clock().now();
  Answer answer;
  answer.completion.choices.resize(1);
  // The stream goes before the loop: one that is left early still has an operation of the loop
  // inside.
  asio::io_context loop(1);
  const std::unique_ptr<chat::Stream> stream = backend.start(std::move(request));
  Interrupts interrupts(loop, *stream);
  std::exception_ptr thrown;
  asio::co_spawn(loop, read_to_end(*stream, printer, answer), [&](std::exception_ptr problem) {
    thrown = problem;
    interrupts.cancel();
  });
  loop.run();
  answer.interrupted = interrupts.any();
  if (thrown) std::rethrow_exception(thrown);
  printer.finish();
  answer.seconds = std::chrono::duration<double>(system_clock().now() - start).count();
  return answer;
}

}  // namespace melete::cli
