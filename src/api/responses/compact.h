// POST /v1/responses/compact: a conversation as one item, which later requests send, or follow, in
// its place; and that item itself.

#pragma once

#include <string>
#include <string_view>

#include "api/dialect.h"
#include "api/responses/output_items.h"

namespace melete::api::responses {

// What a compaction item holds sealed, and back. Opening fails as store::Seal::open().
std::string seal_summary(const Sealer& seal, std::string_view summary);
Result<std::string> open_summary(const Memory& memory, std::string_view sealed);

// Reads the body of a call that gives the compaction of what it holds or follows; it must name its
// model. A CallReader.
Result<Call> read_compact_call(std::string_view body, const CallContext& context);

}  // namespace melete::api::responses
