// Cross-origin rules for web pages that call this server from elsewhere. Off unless origins are
// named.

#pragma once

#include <optional>
#include <string_view>

#include "server/options.h"
#include "server/reply.h"

namespace melete::server {

// Whether pages of `origin` may call.
bool cors_allows(const ServerOptions& options, std::string_view origin);

// The headers that let a page of `origin` read a reply; none where it may not.
Headers cors_headers(const ServerOptions& options, std::string_view origin);

// The reply to a browser's question before the real request, where origins are named at all.
std::optional<Reply> preflight_reply(const ServerOptions& options, std::string_view method);

}  // namespace melete::server
