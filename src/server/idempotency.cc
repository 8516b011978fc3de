#include "server/idempotency.h"

#include <openssl/evp.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <initializer_list>
#include <utility>

namespace melete::server {

namespace asio = boost::asio;

namespace {

// SHA-256 of the parts, each with its length before it, so that no two lists are alike.
std::string digest_of(std::initializer_list<std::string_view> parts) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  for (const std::string_view part : parts) {
    const uint64_t length = part.size();
    EVP_DigestUpdate(context.get(), &length, sizeof length);
    EVP_DigestUpdate(context.get(), part.data(), part.size());
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned bytes = 0;
  EVP_DigestFinal_ex(context.get(), digest.data(), &bytes);
  return {reinterpret_cast<const char*>(digest.data()), bytes};
}

}  // namespace

RequestIdentity identity_of(std::string_view caller, std::string_view path, std::string_view key,
                            std::string_view body) {
  return {digest_of({caller, path, key}), digest_of({body})};
}

IdempotencyTable::IdempotencyTable(IdempotencyOptions options) : options_(options) {}

IdempotencyTable::Claim::Claim(Claim&& other) noexcept
    : table_(std::exchange(other.table_, nullptr)), key_(std::move(other.key_)) {}

IdempotencyTable::Claim::~Claim() {
  if (table_) table_->settle(key_, nullptr);
}

void IdempotencyTable::Claim::share(std::shared_ptr<runs::Run> run) {
  table_->share(key_, std::move(run));
}

void IdempotencyTable::Claim::keep(Reply reply) {
  std::exchange(table_, nullptr)->settle(key_, std::make_shared<const Reply>(std::move(reply)));
}

asio::awaitable<IdempotencyTable::Outcome> IdempotencyTable::claim(RequestIdentity identity) {
  const auto bell =
      std::make_shared<Bell>(co_await asio::this_coro::executor, Bell::time_point::max());
  while (true) {
    if (auto outcome = try_claim(identity, bell)) co_return std::move(*outcome);
    co_await bell->async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

// Nothing where the caller is to wait for its bell.
std::optional<IdempotencyTable::Outcome> IdempotencyTable::try_claim(
    const RequestIdentity& identity, const std::shared_ptr<Bell>& bell) {
  const std::lock_guard lock(mutex_);
  drop_old();
  const auto [place, is_first] = entries_.try_emplace(identity.key);
  Entry& entry = place->second;
  if (is_first) {
    entry.body = identity.body;
    return Claim(*this, identity.key);
  }
  if (entry.body != identity.body) return OtherBody{};
  if (entry.kept) return entry.kept;
  if (entry.shared) return entry.shared;
  entry.waiting.push_back(bell);
  return std::nullopt;
}

void IdempotencyTable::share(const std::string& key, Shared run) {
  std::vector<std::weak_ptr<Bell>> waiting;
  {
    const std::lock_guard lock(mutex_);
    Entry& entry = entries_.at(key);
    entry.shared = std::move(run);
    waiting.swap(entry.waiting);
  }
  wake(waiting);
}

// Ends the run of a key's first request: with an answer, or by freeing the key.
void IdempotencyTable::settle(const std::string& key, Kept kept) {
  Shared over;  // ends outside of the lock
  std::vector<std::weak_ptr<Bell>> waiting;
  {
    const std::lock_guard lock(mutex_);
    const auto place = entries_.find(key);
    waiting.swap(place->second.waiting);
    over.swap(place->second.shared);
    if (kept) {
      const size_t bytes = kept->body.size();
      kept_.push_back({key, options_.clock->now() + options_.lifetime, bytes});
      kept_bytes_ += bytes;
      place->second.kept = std::move(kept);
    } else {
      entries_.erase(place);
    }
  }
  wake(waiting);
}

void IdempotencyTable::wake(const std::vector<std::weak_ptr<Bell>>& waiting) {
  for (const std::weak_ptr<Bell>& waiter : waiting) {
    const std::shared_ptr<Bell> bell = waiter.lock();
    if (bell) asio::post(bell->get_executor(), [bell] { bell->cancel(); });
  }
}

void IdempotencyTable::drop_old() {
  constexpr size_t kMostAnswers = 100'000;
  const Instant now = options_.clock->now();
  while (!kept_.empty() && (kept_.front().end <= now || kept_bytes_ > options_.bytes ||
                            kept_.size() > kMostAnswers)) {
    kept_bytes_ -= kept_.front().bytes;
    entries_.erase(kept_.front().key);
    kept_.pop_front();
  }
}

}  // namespace melete::server
