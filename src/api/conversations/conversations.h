// Conversations of the API: each call as a function of its request and the stores, see resource.h.

#pragma once

#include "api/resource.h"

namespace melete::api::conversations {

// POST /v1/conversations: makes one, with `items` (at most 20) and `metadata` if they are given.
Result<std::string> create(const ResourceRequest& request, store::Database& stores);

// GET /v1/conversations/{id}
Result<std::string> retrieve(const ResourceRequest& request, store::Database& stores);

// POST /v1/conversations/{id}: puts `metadata` in place of the old.
Result<std::string> update(const ResourceRequest& request, store::Database& stores);

// DELETE /v1/conversations/{id}: erases it with its items.
Result<std::string> erase(const ResourceRequest& request, store::Database& stores);

}  // namespace melete::api::conversations
