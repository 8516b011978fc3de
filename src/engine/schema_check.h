// Whether llama.cpp's converter of JSON schemas into grammars comes to an end with a schema, soon
// and with the stack that there is.
//
// It follows references below `allOf` without noticing a circle, builds what a schema holds once
// for each of its listed types, copies the names of optional properties again and again, and
// recurses over the letters of names.

#pragma once

#include <string>

#include "base/error.h"
#include "base/json.h"

namespace melete::engine {

// InvalidArgument, blaming `parameter`, where it would not. Milliseconds at most.
Result<void> check_schema(const Json& schema, const std::string& parameter);

}  // namespace melete::engine
