// The ids of a response's items. They hold the response's own, so that an item can be found by its
// id alone: resp_X has the output items msg_X_0, fc_X_1, ... and the input items msg_X_i0, ...

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace melete::api::responses {

// "resp_X" to "X".
std::string_view stem_of(std::string_view response_id);

std::string output_item_id(std::string_view type, std::string_view stem, size_t index);
std::string input_item_id(std::string_view type, std::string_view stem, size_t index);

// The id of the response that an item belongs to; empty where the id is not one of these.
std::string response_of_item(std::string_view item_id);

}  // namespace melete::api::responses
