#include "runs/retention.h"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "base/log.h"

namespace melete::runs {

namespace asio = boost::asio;

namespace {

asio::awaitable<void> erase_all_old(store::ResponseStore& responses, int64_t before, int batch) {
  int64_t erased = 0;
  while (true) {
    const auto some = responses.erase_old(before, batch);
    if (!some) {
      log_event(LogLevel::Warning, "old_responses_not_erased", {{"why", some.error().message}});
      break;
    }
    if (*some == 0) break;
    erased += *some;
    co_await asio::post(asio::use_awaitable);
  }
  if (erased > 0) log_event(LogLevel::Info, "old_responses_erased", {{"count", erased}});
}

}  // namespace

asio::awaitable<void> erase_old_responses(store::Database& database, RetentionOptions options) {
  while (true) {
    const int64_t before = options.now() - options.keep.count();
    co_await erase_all_old(database.responses(), before, options.batch);
    co_await options.timer->sleep_until(options.timer->now() + options.interval);
  }
}

}  // namespace melete::runs
