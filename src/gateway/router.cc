#include "gateway/router.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>
#include <utility>

#include "base/check.h"
#include "chat/failed_stream.h"
#include "gateway/adapted_model.h"

namespace melete::gateway {

Router::Router(std::vector<ServedModel> models)
    : models_(std::make_move_iterator(models.begin()), std::make_move_iterator(models.end())) {
  MELETE_CHECK(!models_.empty(), "a router serves at least one model");
}

Result<void> Router::add(ServedModel model) {
  const std::unique_lock lock(mutex_);
  for (const ServedModel& served : models_) {
    if (served.name != model.name) continue;
    return fail(ErrorCode::Conflict, fmt::format("{} is served already.", model.name), "model");
  }
  models_.push_back(std::move(model));
  return {};
}

std::vector<std::string> Router::models() const {
  const std::shared_lock lock(mutex_);
  std::vector<std::string> names;
  for (const ServedModel& served : models_) names.push_back(served.name);
  return names;
}

const ServedModel* Router::find_served(std::string_view name) const {
  const std::shared_lock lock(mutex_);
  for (const ServedModel& served : models_) {
    if (served.name == name) return &served;
  }
  return nullptr;
}

chat::Backend* Router::find(std::string_view name) const {
  const ServedModel* served = find_served(name);
  return served ? served->backend.get() : nullptr;
}

Result<ResolvedModel> Router::resolve(std::string_view name) const {
  if (name.empty()) return ResolvedModel{models().front(), std::nullopt};
  if (find(name)) return ResolvedModel{std::string(name), std::nullopt};

  const size_t colon = name.rfind(':');
  if (colon != std::string_view::npos && find(name.substr(0, colon))) {
    if (const auto mode = chat::mode_from(name.substr(colon + 1))) {
      return ResolvedModel{std::string(name.substr(0, colon)), mode};
    }
  }
  return fail(ErrorCode::NotFound,
              fmt::format("model \"{}\" is not served here: use {}, each also with :instant, "
                          ":thinking or :contemplating",
                          name, fmt::join(models(), ", ")),
              "model");
}

Result<chat::BackendInfo> Router::info(const std::string& model) const {
  const auto resolved = resolve(model);
  if (!resolved) return std::unexpected(resolved.error());
  auto info = find(resolved->model)->info(resolved->model);
  if (!info) return info;
  const std::string compressed = adapted_name(resolved->model, std::string(kCompressedAdapter));
  if (find(compressed)) info->compressed = compressed;
  return info;
}

Result<int64_t> Router::count(const chat::Request& request) const {
  const auto resolved = resolve(request.model);
  if (!resolved) return std::unexpected(resolved.error());
  if (resolved->model == request.model) return find(resolved->model)->count(request);
  chat::Request renamed = request;
  renamed.model = resolved->model;
  return find(resolved->model)->count(renamed);
}

void Router::read_ahead(const chat::Request& request) {
  const auto resolved = resolve(request.model);
  if (!resolved) return;
  chat::Request renamed = request;
  renamed.model = resolved->model;
  find(resolved->model)->read_ahead(renamed);
}

std::unique_ptr<chat::Stream> Router::start(chat::Request request) {
  const auto resolved = resolve(request.model);
  if (!resolved) return chat::failed_stream(resolved.error());
  request.model = resolved->model;
  if (resolved->mode) request.mode = *resolved->mode;
  return find(resolved->model)->start(std::move(request));
}

Result<chat::Embeddings> Router::embed(chat::EmbedRequest request) const {
  const auto resolved = resolve(request.model);
  if (!resolved) return std::unexpected(resolved.error());
  chat::Embedder* embedder = find_served(resolved->model)->embedder;
  if (!embedder) {
    return fail(ErrorCode::Unsupported,
                fmt::format("{} gives no embeddings: name another model.", resolved->model),
                "model");
  }
  request.model = resolved->model;
  return embedder->embed(request);
}

}  // namespace melete::gateway
