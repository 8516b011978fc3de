// Calls on responses that are there already: read, watch, cancel, delete, their input, and control
// of an answer while it runs.

#pragma once

#include "api/resource.h"
#include "runs/runner.h"

namespace melete::api::responses {

// Where answers are: those that run, and all that are stored. Both must outlive the calls.
struct Shelf {
  runs::Runner& runner;
  store::Database* database = nullptr;  // only control() does without
};

// All are thread-safe and, but for control(), block on the database. NotFound for an unknown id and
// for another owner's alike.

// GET /v1/responses/{id}. With `stream=true` the events after `starting_after`, or of an answer
// whose events are gone the last one.
Result<ResourceAnswer> retrieve(const ResourceRequest& request, const Shelf& shelf);

// DELETE /v1/responses/{id}. Ends the answer if it runs.
Result<ResourceAnswer> erase(const ResourceRequest& request, const Shelf& shelf);

// POST /v1/responses/{id}/cancel. The response as it is then; one that has ended stays as it is.
Result<ResourceAnswer> cancel(const ResourceRequest& request, const Shelf& shelf);

// GET /v1/responses/{id}/input_items. The items of its own turn.
Result<ResourceAnswer> list_input(const ResourceRequest& request, const Shelf& shelf);

// POST /v1/responses/{id}/control with {"action": "answer_now" | "stop" | "set_budget",
// "reasoning_tokens": n}. Of any answer that runs, also of the other dialects.
Result<ResourceAnswer> control(const ResourceRequest& request, const Shelf& shelf);

}  // namespace melete::api::responses
