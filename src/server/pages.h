// The pages that are ready at once: models, health, metrics and files from memory.

#pragma once

#include "server/options.h"
#include "server/routes.h"

namespace melete::server {

// Tells whether the server is shutting down; callable from any thread.
using DrainingCheck = std::function<bool()>;

// Adds GET /v1/models, /v1/models/{name}, /health, /health/live, /health/ready, /metrics,
// /openapi.json and the files.
void add_pages(RouteTable& routes, const ServerOptions& options, const ServerParts& parts,
               const DrainingCheck& draining);

}  // namespace melete::server
