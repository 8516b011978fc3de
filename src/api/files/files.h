// Files of the API: each call as a function of its request and the stores, see resource.h.

#pragma once

#include "api/resource.h"

namespace melete::api::files {

// POST /v1/files: a form (multipart/form-data) with `file` and `purpose`.
Result<std::string> upload(const ResourceRequest& request, store::Database& stores);

// GET /v1/files: a page of the caller's files, newest first unless `order` is asc; those of
// `purpose` alone where the query has it.
Result<std::string> list(const ResourceRequest& request, store::Database& stores);

// GET /v1/files/{id}
Result<std::string> retrieve(const ResourceRequest& request, store::Database& stores);

// GET /v1/files/{id}/content: its bytes. A server sends them as application/octet-stream: what a
// caller uploaded must not run as a page of this server.
Result<std::string> content(const ResourceRequest& request, store::Database& stores);

// DELETE /v1/files/{id}
Result<std::string> erase(const ResourceRequest& request, store::Database& stores);

}  // namespace melete::api::files
