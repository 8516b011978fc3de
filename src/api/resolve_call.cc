#include "api/resolve_call.h"

#include <utility>

namespace melete::api {

Result<ResolvedCall> resolve_call(ReadRequest read, const gateway::Router& router) {
  const auto resolved = router.resolve(read.request.model);
  if (!resolved) return std::unexpected(resolved.error());
  std::string wire_name = read.request.model.empty() ? resolved->model : read.request.model;
  for (std::string& name : read.request.models) {
    const auto agents = router.resolve(name);
    if (!agents) return fail(agents.error().code, agents.error().message, "melete.models");
    name = agents->model;
  }
  read.request.model = resolved->model;
  read.wish.from_model = resolved->mode;
  auto request = choose_mode(read.wish, std::move(read.request));
  if (!request) return std::unexpected(request.error());
  return ResolvedCall{std::move(*request), std::move(wire_name)};
}

}  // namespace melete::api
