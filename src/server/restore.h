// What a server does at its start with the responses that the last one left unfinished.

#pragma once

#include "server/service.h"

namespace melete::server {

// Queued ones wait for their turn again; those that were being written become incomplete, with what
// there is of them. Nothing where the options say no. What goes wrong is logged. Blocks on the
// database.
void restore_responses(Service& service);

}  // namespace melete::server
