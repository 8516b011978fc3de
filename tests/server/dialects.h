// One question in each dialect of the API, for tests that ask them all.

#pragma once

#include <cstdint>
#include <string>

#include "server/http_client.h"

namespace melete::server {

constexpr const char* kChat = "/v1/chat/completions";
constexpr const char* kResponses = "/v1/responses";
constexpr const char* kMessages = "/v1/messages";

// A body for `path` that says "Hi" to the model "tiny", with `fields` (JSON text) beside it.
std::string question(const std::string& path, const std::string& fields = "");

// One request on a connection of its own.
HttpReply ask(uint16_t port, const std::string& path, const std::string& body);

// What a whole answer says to its reader, in any dialect; nothing of its reasoning.
std::string said_in(const Json& reply);

}  // namespace melete::server
