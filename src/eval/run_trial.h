// Asks one arm one question and grades what it says.

#pragma once

#include "base/clock.h"
#include "chat/backend.h"
#include "eval/arm.h"
#include "eval/item.h"
#include "eval/trial.h"

namespace melete::eval {

// Blocks until the answer is whole; a failure is the trial's `error`. Tokens are those that the
// backend reports, or the pieces that arrived where that is more: some servers count one of several
// choices. `set` and `machine` of the trial are left to the caller.
Trial run_trial(const Arm& arm, const Item& item, chat::Backend& backend, uint32_t seed,
                const Clock& clock);

}  // namespace melete::eval
