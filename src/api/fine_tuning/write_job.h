// Tuning jobs as the API's objects.

#pragma once

#include <vector>

#include "base/json.h"
#include "jobs/tuning_job.h"

namespace melete::api::fine_tuning {

// A "fine_tuning.job". `steps` is what its run has told so far, see jobs::told_steps().
Json job_object(const jobs::TuningJob& job, const std::vector<Json>& steps);

// A list of "fine_tuning.job.event", oldest first: the job's making, its steps, its end.
Json event_objects(const jobs::TuningJob& job, const std::vector<Json>& steps);

}  // namespace melete::api::fine_tuning
