#include "api/model_list.h"

#include <fmt/format.h>

#include <array>

#include "base/json.h"

namespace melete::api {

namespace {

constexpr std::array<chat::Mode, 3> kModes{chat::Mode::Instant, chat::Mode::Thinking,
                                           chat::Mode::Contemplating};

// One model under `id`, which is `model` itself or one of its modes.
Json model_object(const gateway::Router& router, const std::string& id,
                  const gateway::ResolvedModel& resolved) {
  Json object;
  object["id"] = id;
  object["object"] = "model";
  object["created"] = 0;
  object["owned_by"] = "melete";
  Json& details = object["melete"];
  details["model"] = resolved.model;
  if (resolved.mode) details["mode"] = chat::name_of(*resolved.mode);
  if (const auto info = router.info(resolved.model)) {
    details["context_tokens"] = info->context_tokens;
    details["images"] = info->images;
    details["audio"] = info->audio;
    details["native_reasoning"] = info->native_reasoning;
    if (!info->parent.empty()) object["parent"] = info->parent;
  }
  return object;
}

}  // namespace

std::string write_model_list(const gateway::Router& router) {
  Json data = Json::array();
  for (const std::string& name : router.models()) {
    data.push_back(model_object(router, name, {name, std::nullopt}));
    for (const chat::Mode mode : kModes) {
      const std::string id = fmt::format("{}:{}", name, chat::name_of(mode));
      data.push_back(model_object(router, id, {name, mode}));
    }
  }
  Json body;
  body["object"] = "list";
  body["data"] = std::move(data);
  return write_json(body);
}

Result<std::string> write_model(const gateway::Router& router, std::string_view name) {
  const auto resolved = router.resolve(name);
  if (!resolved) return std::unexpected(resolved.error());
  return write_json(model_object(router, std::string(name), *resolved));
}

}  // namespace melete::api
