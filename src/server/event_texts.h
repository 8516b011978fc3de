// Frames of server-sent events as the texts that they carry.

#pragma once

#include <string_view>
#include <vector>

namespace melete::server {

// The data of each frame, without the mark of the stream's end. `frames` are whole, each with its
// data on one line, and must outlive what is given.
std::vector<std::string_view> event_texts(std::string_view frames);

}  // namespace melete::server
