// Items of the API's conversations: each call as a function of its request and the stores, see
// resource.h.

#pragma once

#include "api/resource.h"

namespace melete::api::conversations {

// POST /v1/conversations/{id}/items: adds `items` (1 to 20) at the end; gives them as a list.
Result<std::string> add_items(const ResourceRequest& request, store::Database& stores);

// GET /v1/conversations/{id}/items: a page of them, newest first unless `order` is asc.
Result<std::string> list_items(const ResourceRequest& request, store::Database& stores);

// GET /v1/conversations/{id}/items/{item_id}
Result<std::string> retrieve_item(const ResourceRequest& request, store::Database& stores);

// DELETE /v1/conversations/{id}/items/{item_id}: gives the conversation.
Result<std::string> erase_item(const ResourceRequest& request, store::Database& stores);

}  // namespace melete::api::conversations
