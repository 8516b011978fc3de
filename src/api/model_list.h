// The list of models as OpenAI's clients read it, with each adapter and each mode as a model of its
// own, so that a program which only knows model names can choose them. An adapter names its model
// as `parent`.

#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "gateway/router.h"

namespace melete::api {

// The body of GET /v1/models.
std::string write_model_list(const gateway::Router& router);

// The body of GET /v1/models/{name}; NotFound as Router::resolve().
Result<std::string> write_model(const gateway::Router& router, std::string_view name);

}  // namespace melete::api
