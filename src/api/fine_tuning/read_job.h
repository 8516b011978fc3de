// The body of POST /v1/fine_tuning/jobs.

#pragma once

#include "base/error.h"
#include "base/json.h"
#include "jobs/tuning_job.h"

namespace melete::api::fine_tuning {

// InvalidArgument and Unsupported with the field to blame. What the caller leaves open ("auto") has
// the defaults of TuningWish.
Result<jobs::TuningWish> read_wish(const Json& body);

}  // namespace melete::api::fine_tuning
