// Tuning jobs of the API, OpenAI's /v1/fine_tuning/jobs: each call as a function of its request and
// the desk, see resource.h. All fail with Unsupported where this server teaches no models.

#pragma once

#include "api/fine_tuning/desk.h"
#include "api/resource.h"

namespace melete::api::fine_tuning {

// POST /v1/fine_tuning/jobs
Result<std::string> create(const ResourceRequest& request, const Desk& desk);

// GET /v1/fine_tuning/jobs: a page of the caller's jobs, newest first.
Result<std::string> list(const ResourceRequest& request, const Desk& desk);

// GET /v1/fine_tuning/jobs/{id}
Result<std::string> retrieve(const ResourceRequest& request, const Desk& desk);

// GET /v1/fine_tuning/jobs/{id}/events: what happened and each step's figures, newest first.
Result<std::string> events(const ResourceRequest& request, const Desk& desk);

// POST /v1/fine_tuning/jobs/{id}/cancel
Result<std::string> cancel(const ResourceRequest& request, const Desk& desk);

}  // namespace melete::api::fine_tuning
