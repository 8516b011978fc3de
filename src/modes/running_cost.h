// What an answer costs when several calls make it: each call's own Usage where it tells one, else
// what its events show.

#pragma once

#include <optional>

#include "chat/event.h"

namespace melete::modes {

class RunningCost {
 public:
  // Sees every event of the current call.
  void add(const chat::Event& event);

  // The current call is over; events from now on belong to another one.
  void next_call();

  // Of all calls so far, the current one included.
  chat::Usage total() const;

 private:
  chat::Usage before_;               // of calls that are over
  chat::Usage counted_;              // of the current one, from its events
  std::optional<chat::Usage> told_;  // of the current one, in its own words
};

}  // namespace melete::modes
