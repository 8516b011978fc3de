// From a request to a job: the prompt rendered, tokenised and looked at, one choice for each
// answer.

#pragma once

#include <memory>

#include "base/error.h"
#include "chat/request.h"
#include "engine/job.h"
#include "engine/loaded_model.h"

namespace melete::engine {

// Thread-safe over one model but for pictures and sounds, which are encoded one request at a time.
// Costs milliseconds for long prompts and seconds for pictures. The adapter must be one of the
// model's; the deadline is the caller's to set. Fails with ContextExceeded (both lengths in the
// text), Unsupported or InvalidArgument, each naming the field.
Result<std::unique_ptr<Job>> prepare_job(LoadedModel& model, const chat::Request& request,
                                         std::shared_ptr<JobLink> link);

// Tokens of a request's prompt, without making a job of it.
Result<int64_t> count_prompt(const LoadedModel& model, const chat::Request& request);

}  // namespace melete::engine
