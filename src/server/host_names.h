// By which names this server may be asked: what a request's Host may say.
//
// A page of anyone's can have its own name lead here (DNS rebinding): the browser then takes this
// server for the page's, and lets the page read every answer. So a server that only its own machine
// can reach answers to addresses, to localhost, to the names by which containers reach their host,
// and to those that it was told, and to no others.

#pragma once

#include <optional>
#include <string_view>

#include "server/options.h"
#include "server/reply.h"

namespace melete::server {

// Whether nobody else can be meant by `host` (a name or an address, with or without a port): it is
// an address, one of the names above, or stands in ServerOptions::allowed_hosts, where "*" is none.
bool is_own_host(const ServerOptions& options, std::string_view host);

// The reply (403) to a request for a `host` that may be anyone's, where this machine alone can
// reach the server or names were allowed; nothing for all others, nor where `host` is empty.
std::optional<Reply> foreign_host_reply(const ServerOptions& options, bool here_alone,
                                        std::string_view host);

}  // namespace melete::server
