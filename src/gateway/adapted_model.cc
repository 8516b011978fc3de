#include "gateway/adapted_model.h"

#include <fmt/format.h>

#include <utility>

namespace melete::gateway {

std::string adapted_name(const std::string& model, const std::string& adapter) {
  return fmt::format("{}:{}", model, adapter);
}

AdaptedModel::AdaptedModel(chat::Backend& backend, std::string model, std::string adapter,
                           int reasoning_percent)
    : backend_(backend),
      model_(std::move(model)),
      adapter_(std::move(adapter)),
      reasoning_percent_(reasoning_percent) {}

Result<chat::BackendInfo> AdaptedModel::info(const std::string& name) const {
  const std::string own = adapted_name(model_, adapter_);
  if (name != own) {
    return fail(ErrorCode::NotFound, fmt::format("This serves {}, not {}.", own, name), "model");
  }
  auto info = backend_.info(model_);
  if (!info) return info;
  info->model = own;
  info->parent = model_;
  info->reasoning_percent = reasoning_percent_;
  return info;
}

Result<int64_t> AdaptedModel::count(const chat::Request& request) const {
  return backend_.count(adapted(request));
}

std::unique_ptr<chat::Stream> AdaptedModel::start(chat::Request request) {
  return backend_.start(adapted(std::move(request)));
}

void AdaptedModel::read_ahead(const chat::Request& request) {
  backend_.read_ahead(adapted(request));
}

chat::Request AdaptedModel::adapted(chat::Request request) const {
  request.model = model_;
  request.adapter = adapter_;
  return request;
}

}  // namespace melete::gateway
