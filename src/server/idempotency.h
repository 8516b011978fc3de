// Idempotency-Key: a request that is sent again, because its client never saw the answer, gets the
// answer of the first time instead of a second one.
//
// The header is that of draft-ietf-httpapi-idempotency-key-header-06. A request that comes while
// the first one with its key still runs waits for its end. Only answers that succeeded are kept: a
// failed one, and one whose client left before its end, frees its key, and the next with it runs.

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

    // Gives `reply` to all that wait and that come. Called once.
    void keep(Reply reply);

   private:
    IdempotencyTable* table_;  // null: moved from, or done
    std::string key_;
  };

  struct OtherBody {};  // the key was used with another body
  using Kept = std::shared_ptr<const Reply>;
  using Outcome = std::variant<OtherBody, Claim, Kept>;

  // Waits while the key's first request runs. Asio cancellation ends the wait.
  boost::asio::awaitable<Outcome> claim(RequestIdentity identity);

 private:
  using Bell = boost::asio::steady_timer;  // rung by its cancellation, on its own executor

  struct Entry {
    std::string body;
    Kept kept;  // null: the first request runs
    std::vector<std::weak_ptr<Bell>> waiting;
  };

  struct Age {
    std::string key;
    Instant end;
    size_t bytes;
  };

  std::optional<Outcome> try_claim(const RequestIdentity& identity,
                                   const std::shared_ptr<Bell>& bell);
  void settle(const std::string& key, Kept kept);
  void drop_old();

  const IdempotencyOptions options_;
  std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;  // guarded by mutex_
  std::deque<Age> kept_;                            // guarded by mutex_; the oldest first
  size_t kept_bytes_ = 0;                           // guarded by mutex_
};

}  // namespace melete::server
