// Effort as a number: how many tokens of reasoning a request may spend.

#pragma once

#include "chat/backend.h"

namespace melete::modes {

// The budget of reasoning tokens, at least 0. A number in Limits::reasoning_tokens wins over the
// effort; effort counts 0 (none), 128 (minimal), 512 (low), 2,048 (medium, the default), 8,192
// (high) and 16,384 (xhigh). Either is cut to what the model's context leaves beside the prompt and
// the answer: three quarters of it after the answer's limit (1,024 when unset, at most half the
// context).
int reasoning_budget(const chat::Request& request, const chat::BackendInfo& info);

}  // namespace melete::modes
