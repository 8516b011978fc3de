// A router with one model, "tiny", which says hello.

#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "chat/fake_backend.h"
#include "gateway/router.h"

namespace melete::api {

inline gateway::Router tiny_router() {
  std::vector<gateway::ServedModel> models;
  models.push_back(
      {"tiny", std::make_unique<chat::FakeBackend>(chat::FakeOptions{}, chat::answers("Hello."))});
  return gateway::Router(std::move(models));
}

}  // namespace melete::api
