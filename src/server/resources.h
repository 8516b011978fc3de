// The routes of what is kept between requests: responses, conversations, files, tuning jobs; and
// the control of running answers.

#pragma once

#include "api/memory.h"
#include "jobs/tuning_jobs.h"
#include "runs/runner.h"
#include "server/routes.h"

namespace melete::server {

// Without a database only control is there. The runner and the jobs, which may
// be null, must outlive the table.
void add_resources(RouteTable& routes, runs::Runner& runner, const api::Memory& memory,
                   jobs::TuningJobs* tuning);

}  // namespace melete::server
