// Whether a request may turn its connection into a WebSocket.
//
// A page may open one to any server, and no browser asks that server first. So a page must be of an
// origin that was named, or of this server by a name that is_own_host() knows.

#pragma once

#include <optional>

#include "server/http_reader.h"
#include "server/options.h"
#include "server/reply.h"
#include "server/routes.h"

namespace melete::server {

// The reply to a request that is for a WebSocket but may not have one (426, 400 or 403), and to one
// that wants a WebSocket where there is none (400); nothing for all others.
std::optional<Reply> upgrade_reply(const HttpRequest& request, const Route& route,
                                   const ServerOptions& options);

// What the reply to one that may have it says beside the protocol's own headers.
Headers upgrade_headers(const Exchange& exchange);

}  // namespace melete::server
