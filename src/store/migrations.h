// The schema as the steps that lead to it. A step that was released is never changed: a new one is
// added behind it.

#pragma once

#include "base/error.h"

namespace soci {
class session;
}

namespace melete::store {

// The number of the last step: the schema that this program reads and writes.
int schema_version();

// Brings the schema up to date, in one transaction; of several processes that do so at once, one
// works and the others find it done. Unavailable where a newer program has changed it. Throws what
// SOCI throws.
Result<void> migrate(soci::session& session);

}  // namespace melete::store
