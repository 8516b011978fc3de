// What a server does at its start with the responses that the last one left unfinished.

#pragma once

#include "api/dialect.h"
#include "runs/runner.h"

namespace melete::api::responses {

// Queued ones wait for their turn again; those that were being written become incomplete, with what
// there is of them. What goes wrong is logged. Without a database nothing. Blocks on the database;
// `context` is of no caller.
void restore(runs::Runner& runner, const CallContext& context);

}  // namespace melete::api::responses
