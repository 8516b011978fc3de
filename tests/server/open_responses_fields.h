// The fields that Open Responses (version 2026-04-24) demands of responses and of the events by
// which they grow, each with its type.

#pragma once

#include <map>
#include <string>

#include "base/json.h"

namespace melete::server {

// The fields of an object and the types that each may have: s(tring), i(nteger), n(umber),
// b(oolean), a(rray), o(bject), 0 (null). A field whose types end with "?" may be missing.
using Fields = std::map<std::string, std::string>;

// Each is a failure of the test, with the offending field, where something is missing or of another
// type.
void expect_fields(const Json& object, const Fields& fields);
void expect_response(const Json& response);
void expect_event(const Json& event);

}  // namespace melete::server
