// Lists as the API gives them: so many items after the one named last, newest first unless asked
// otherwise.

#pragma once

#include "api/resource.h"
#include "base/error.h"
#include "base/json.h"
#include "store/page.h"

namespace melete::api {

struct PageLimits {
  int usual = 20;  // items where the query has no `limit`
  int most = 100;  // of `limit`
};

// The query's `limit` (1 to the most), `order` (asc or desc) and `after`. InvalidArgument with the
// name to blame.
Result<store::Page> read_page(const ResourceRequest& request, PageLimits limits = {});

// {"object": "list", "data", "first_id", "last_id", "has_more"}; each item has an `id`. The ids are
// null where the list is empty.
Json list_object(Json items, bool has_more);

// That of a whole list, oldest first, of which `page` asks for a part. NotFound where `page.after`
// is not in it.
Result<Json> list_part(const Json& items, const store::Page& page);

}  // namespace melete::api
