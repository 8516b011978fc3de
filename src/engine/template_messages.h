// Messages of a request in the form that llama.cpp's chat templates read.

#pragma once

#include <chat.h>

#include <vector>

#include "base/error.h"
#include "chat/message.h"
#include "engine/media_marks.h"

namespace melete::engine {

// Pictures and sounds become marks of `marks`. A message that holds results of tools and other
// parts becomes several, and neighbouring ones of instructions become one. Fails with Unsupported
// for a file, which has to become text or a picture first, and with InvalidArgument for a tool call
// whose arguments are not JSON.
Result<std::vector<common_chat_msg>> template_messages(const std::vector<chat::Message>& messages,
                                                       MediaMarks& marks);

}  // namespace melete::engine
