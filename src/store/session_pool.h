// The few sessions with the database that all stores share.
//
// Reads run side by side. Writes take turns at a session of their own: SQLite lets one writer in at
// a time, and would have the others ask again and again where a queue lets them wait.

#pragma once

#include <soci/soci.h>
#include <sys/types.h>

#include <chrono>
#include <concepts>
#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/error.h"
#include "store/database_error.h"

namespace melete::store {

// Thread-safe. SOCI throws; nothing that it throws leaves this class.
class SessionPool {
 public:
  // Opens `readers` sessions and one to write on the SQLite file, which must exist, and brings its
  // schema up to date. Overloaded, without a wait, also where another process does so just now.
  static Result<std::unique_ptr<SessionPool>> open(const std::filesystem::path& file, int readers,
                                                   std::chrono::milliseconds busy_time);

  // Runs `work(session)`, which gives a Result, and gives that, or what went wrong. Overloaded
  // where no session is free within the busy time.
  template <std::invocable<soci::session&> Work>
  std::invoke_result_t<Work&, soci::session&> read(Work work);

  // The same in one transaction, which is kept where the result is a value and else undone. `work`
  // begins with a statement that writes, so that it waits for its turn before it reads. Unavailable
  // where the database's file is gone.
  template <std::invocable<soci::session&> Work>
  std::invoke_result_t<Work&, soci::session&> write(Work work);

 private:
  // A session for as long as it lives; none where the busy time passed first.
  class Lease {
   public:
    Lease(soci::connection_pool& pool, std::chrono::milliseconds busy_time);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    explicit operator bool() const { return held_; }
    soci::session& session() { return pool_.at(place_); }

   private:
    soci::connection_pool& pool_;
    size_t place_ = 0;
    bool held_ = false;
  };

  SessionPool(std::filesystem::path file, int readers, std::chrono::milliseconds busy_time);

  template <typename Work>
  std::invoke_result_t<Work&, soci::session&> run(soci::connection_pool& pool, Work& work);

  // SQLite would go on writing to a file that was deleted or replaced, and all would be lost.
  Result<void> check_file() const;
  static Error no_session();

  const std::filesystem::path file_;
  const std::chrono::milliseconds busy_time_;
  dev_t device_ = 0;  // where the file was when it was opened
  ino_t inode_ = 0;
  soci::connection_pool readers_;
  soci::connection_pool writer_;
};

// What most statements are bound to. It has to have a name: SOCI reads what it was given to use()
// when the statement runs, and the temporaries of that expression have ended by then.
struct Key {
  Key(std::string_view id, std::string_view owner) : id(id), owner(owner) {}

  const std::string id;
  const std::string owner;
};

// Executes what was prepared and says how many rows it changed.
int64_t changed_rows(soci::statement statement);

template <typename Work>
std::invoke_result_t<Work&, soci::session&> SessionPool::run(soci::connection_pool& pool,
                                                             Work& work) {
  Lease lease(pool, busy_time_);
  if (!lease) return std::unexpected(no_session());
  try {
    return work(lease.session());
  } catch (const std::exception& thrown) {
    return std::unexpected(error_of(thrown));
  }
}

template <std::invocable<soci::session&> Work>
std::invoke_result_t<Work&, soci::session&> SessionPool::read(Work work) {
  return run(readers_, work);
}

template <std::invocable<soci::session&> Work>
std::invoke_result_t<Work&, soci::session&> SessionPool::write(Work work) {
  const auto in_transaction = [&](soci::session& session) {
    soci::transaction transaction(session);
    auto result = work(session);
    if (result) transaction.commit();
    return result;
  };
  if (auto there = check_file(); !there) return std::unexpected(there.error());
  return run(writer_, in_transaction);
}

}  // namespace melete::store
