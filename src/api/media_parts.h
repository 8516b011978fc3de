// Pictures and sounds inside a request: as they come in OpenAI's dialects, and bytes in base64
// anywhere.

#pragma once

#include <string_view>
#include <vector>

#include "api/object_reader.h"
#include "chat/message.h"

namespace melete::api {

// Adds the picture in the field `name`, which must be a data URL: this server fetches nothing.
void read_image_url(ObjectReader& fields, std::string_view name, std::vector<chat::Part>& parts);

// Adds the sound in the field `input_audio` of a part, {"data", "format"}.
void read_input_audio(ObjectReader& part, std::vector<chat::Part>& parts);

// The bytes in a field that must be there, in base64; null where they are wrong.
chat::Bytes read_base64(ObjectReader& fields, std::string_view name);

}  // namespace melete::api
