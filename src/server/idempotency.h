// Idempotency-Key: a request that is sent again, because its client never saw the answer, gets the
// answer of the first time instead of a second one.
//
// The header is that of draft-ietf-httpapi-idempotency-key-header-06. An answer that is stored goes
// on without its client, and whoever asks again meanwhile reads along from its beginning. Any other
// ends with its client: who asks again waits, and runs anew where that client left. Only answers
// that succeeded are kept; a failure frees its key.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "runs/run.h"
#include "server/reply.h"

namespace melete::server {

struct IdempotencyOptions {
  std::chrono::seconds lifetime = std::chrono::hours(24);  // of a kept answer
  size_t bytes = 64 << 20;  // of all kept answers; beyond it the oldest go
  const Clock* clock = &system_clock();
};

// What makes two requests the same: digests of who asks with which key, and of what.
struct RequestIdentity {
  std::string key;
  std::string body;
};

// `caller` is whatever tells callers apart, such as their credentials. About a millisecond for each
// MiB of `body`.
RequestIdentity identity_of(std::string_view caller, std::string_view path, std::string_view key,
                            std::string_view body);

// Thread-safe. Outlives its claims.
class IdempotencyTable {
 public:
  explicit IdempotencyTable(IdempotencyOptions options = {});

  // The right and duty to answer the first request of a key. Unless it keeps an answer its end
  // frees the key.
  class Claim {
   public:
    Claim(IdempotencyTable& table, std::string key) : table_(&table), key_(std::move(key)) {}
    Claim(Claim&& other) noexcept;
    Claim& operator=(Claim&&) = delete;
    ~Claim();

    // Gives `run`, which goes on without its client, to all that wait and that come until its
    // reply is kept.
    void share(std::shared_ptr<runs::Run> run);

    // Gives `reply` to all that wait and that come. Called once.
    void keep(Reply reply);

   private:
    IdempotencyTable* table_;  // null: moved from, or done
    std::string key_;
  };

  struct OtherBody {};  // the key was used with another body
  using Kept = std::shared_ptr<const Reply>;
  using Shared = std::shared_ptr<runs::Run>;
  using Outcome = std::variant<OtherBody, Claim, Shared, Kept>;

  // Waits while the key's first request runs and is not shared. Asio cancellation ends the wait.
  boost::asio::awaitable<Outcome> claim(RequestIdentity identity);

 private:
  using Bell = boost::asio::steady_timer;  // rung by its cancellation, on its own executor

  struct Entry {
    std::string body;
    Kept kept;      // null: the first request runs
    Shared shared;  // set while it runs without its client
    std::vector<std::weak_ptr<Bell>> waiting;
  };

  struct Age {
    std::string key;
    Instant end;
    size_t bytes;
  };

  std::optional<Outcome> try_claim(const RequestIdentity& identity,
                                   const std::shared_ptr<Bell>& bell);
  void share(const std::string& key, Shared run);
  void settle(const std::string& key, Kept kept);
  static void wake(const std::vector<std::weak_ptr<Bell>>& waiting);
  void drop_old();

  const IdempotencyOptions options_;
  std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;  // guarded by mutex_
  std::deque<Age> kept_;                            // guarded by mutex_; the oldest first
  size_t kept_bytes_ = 0;                           // guarded by mutex_
};

}  // namespace melete::server
