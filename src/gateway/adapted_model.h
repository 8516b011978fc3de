// A model with one of its adapters, as a backend of its own, so that a client asks for an adapter
// by the name of a model.

#pragma once

#include <string>
#include <string_view>

#include "chat/backend.h"

namespace melete::gateway {

// The name of an adapter by which a model says the same in less thought.
constexpr std::string_view kCompressedAdapter = "compressed";

// The name under which a model with an adapter is served: "qwen:sql".
std::string adapted_name(const std::string& model, const std::string& adapter);

// Thread-safe. `backend`, which serves `model` and knows `adapter`, outlives it.
class AdaptedModel final : public chat::Backend {
 public:
  // `reasoning_percent`: as in BackendInfo.
  AdaptedModel(chat::Backend& backend, std::string model, std::string adapter,
               int reasoning_percent = 0);

  // The model's own, under the adapted name; NotFound for any other name.
  Result<chat::BackendInfo> info(const std::string& name) const override;
  Result<int64_t> count(const chat::Request& request) const override;
  std::unique_ptr<chat::Stream> start(chat::Request request) override;
  void read_ahead(const chat::Request& request) override;

 private:
  chat::Request adapted(chat::Request request) const;

  chat::Backend& backend_;
  const std::string model_;
  const std::string adapter_;
  const int reasoning_percent_;
};

}  // namespace melete::gateway
