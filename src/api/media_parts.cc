#include "api/media_parts.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>

#include "media/data_url.h"

namespace melete::api {

namespace {

void refuse_bytes(ObjectReader& fields, std::string_view name, const Error& error) {
  fields.refuse(error.code, name, fmt::format("{}: {}", fields.path_of(name), error.message));
}

}  // namespace

void read_image_url(ObjectReader& fields, std::string_view name, std::vector<chat::Part>& parts) {
  fields.require(name);
  const auto url = fields.text(name, {.least_bytes = 1});
  if (!url) return;
  const std::string path = fields.path_of(name);
  if (!media::is_data_url(*url)) {
    fields.refuse(ErrorCode::Unsupported, name,
                  fmt::format("{} is not a data URL, and this server fetches no pictures: send "
                              "data:image/png;base64,...",
                              path));
    return;
  }
  auto data = media::parse_data_url(*url, path);
  if (!data) return refuse_bytes(fields, name, data.error());
  parts.emplace_back(chat::ImagePart{std::make_shared<std::string>(std::move(data->bytes)), path});
}

void read_input_audio(ObjectReader& part, std::vector<chat::Part>& parts) {
  part.require("input_audio");
  auto audio = part.object("input_audio");
  if (!audio) return;
  audio->require("data");
  audio->require("format");
  audio->choice("format", {"wav", "mp3"});
  if (chat::Bytes bytes = read_base64(*audio, "data")) {
    parts.emplace_back(chat::AudioPart{std::move(bytes), audio->path_of("data")});
  }
}

chat::Bytes read_base64(ObjectReader& fields, std::string_view name) {
  fields.require(name);
  const auto data = fields.text(name, {.least_bytes = 1});
  if (!data) return nullptr;
  auto bytes = media::decode_base64(*data, fields.path_of(name));
  if (!bytes) {
    refuse_bytes(fields, name, bytes.error());
    return nullptr;
  }
  return std::make_shared<std::string>(std::move(*bytes));
}

}  // namespace melete::api
