// How tokens are chosen: the fields that every dialect names alike.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/object_reader.h"
#include "chat/request.h"

namespace melete::api {

// temperature, top_p, top_k, min_p, the three penalties, seed and logit_bias. Stop texts and
// log-probabilities are the dialect's own. A seed of 64 bits is folded into ours.
chat::Sampling read_sampling(ObjectReader& fields);

// The field `stop`: one text or an array of them; the answer ends before any.
std::vector<std::string> read_stop(ObjectReader& fields);

// The same of a field that can only be an array.
std::vector<std::string> read_stops(ObjectReader& fields, std::string_view name);

}  // namespace melete::api
