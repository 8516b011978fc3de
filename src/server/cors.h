// Cross-origin rules for web pages that call this server from elsewhere: only those of named
// origins may read its replies, or change anything.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/options.h"
#include "server/reply.h"

namespace melete::server {

// Whether pages of `origin` may call.
bool cors_allows(const ServerOptions& options, std::string_view origin);

// How a page of `origin` would be let in: "--cors https://a.example".
std::string cors_advice(std::string_view origin);

// The headers that let a page of `origin` read a reply; none where it may not.
Headers cors_headers(const ServerOptions& options, std::string_view origin);

// Which page sent a request, as far as its browser tells.
struct Sender {
  std::string_view origin;      // of the page; empty: not told, so mostly no page
  std::string_view fetch_site;  // Sec-Fetch-Site; empty: an older browser, or none
  std::string_view host;        // that was asked
};

// The reply (403) to a page of another origin, not one of those named, that wants to change
// something: it could not read what comes back, but would have filled the disk or kept the model
// busy. Nothing for every other request, and for those that only read.
std::optional<Reply> foreign_page_reply(const ServerOptions& options, std::string_view method,
                                        const Sender& sender);

// The reply to a browser's question before the real request, where origins are named at all.
std::optional<Reply> preflight_reply(const ServerOptions& options, std::string_view method);

}  // namespace melete::server
