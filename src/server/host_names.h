// By which names this server may be asked: what a request's Host may say.
//
// A page of anyone's can have its own name lead here (DNS rebinding): the browser then takes this
// server for the page's, and lets the page read every answer. So a server that only its own machine
// can reach answers to addresses, to localhost, to names below .internal, which nobody can register
// (containers reach their host by one), and to the names that it was told, and to no others.

#pragma once

#include <optional>
#include <string_view>

#include "server/options.h"
#include "server/reply.h"

namespace melete::server {

// Whether nobody else can be meant by `host` (a name or an address, with or without a port): it is
// an address, localhost, below .internal, or one of ServerOptions::allowed_hosts.
bool is_own_host(const ServerOptions& options, std::string_view host);

// The reply (403) to a request for a `host` that may be anyone's, where the server listens on a
// loopback address or names were allowed; nothing for all others, nor where `host` is empty.
std::optional<Reply> foreign_host_reply(const ServerOptions& options, std::string_view host);

}  // namespace melete::server
