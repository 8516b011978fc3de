// This machine as far as this build of the engine can use it.

#pragma once

#include "models/machine.h"

namespace melete::engine {

// `machine` without graphics cards where this build has no code for any, so that models are chosen
// and admitted by the memory that they will really lie in.
models::Machine usable_machine(models::Machine machine);

}  // namespace melete::engine
