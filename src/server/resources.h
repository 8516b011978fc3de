// The routes of what is kept between requests: responses, conversations, files; and the control of
// running answers.

#pragma once

#include "api/memory.h"
#include "runs/runner.h"
#include "server/routes.h"

namespace melete::server {

// Without a database only control is there. The runner must outlive the table.
void add_resources(RouteTable& routes, runs::Runner& runner, const api::Memory& memory);

}  // namespace melete::server
