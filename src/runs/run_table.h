// The answers that run, by their ids: for second readers and for control.

#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "runs/run.h"

namespace melete::runs {

struct RunTableOptions {
  Duration keep = std::chrono::seconds(60);  // a finished answer's events can be read so long
  size_t most_finished = 64;                 // and no more of them than this
};

// Thread-safe. Holds the runs that it knows.
class RunTable {
 public:
  // `clock` must outlive the table.
  explicit RunTable(RunTableOptions options = {}, const Clock& clock = system_clock());

  // Lets go of runs that have finished long ago, too: at most once a second, O(runs) then.
  void add(std::shared_ptr<Run> run);

  // Null where there is none, or where it is another owner's.
  std::shared_ptr<Run> find(std::string_view id, std::string_view owner) const;

  void remove(std::string_view id);

  // Answers that have begun and not ended. O(runs).
  int running() const;

  // Ends those, as incomplete.
  void stop_all();

  // Sends the readers of answers that have not begun away, see Run::hold_over().
  void hold_over_all();

 private:
  std::vector<std::shared_ptr<Run>> all() const;
  void let_go(Instant now);

  const RunTableOptions options_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Run>, std::less<>> runs_;  // guarded by mutex_
  Instant looked_{};                                               // guarded by mutex_
};

}  // namespace melete::runs
