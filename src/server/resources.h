// The routes of what is kept between requests: responses, conversations, files; and the control of
// running answers.

#pragma once

#include "runs/runner.h"
#include "server/routes.h"
#include "store/database.h"

namespace melete::server {

// Without a database (null) only control is there. Both must outlive the table.
void add_resources(RouteTable& routes, runs::Runner& runner, store::Database* database);

}  // namespace melete::server
