#include "api/embeddings/embed.h"

#include <utility>

#include "api/embeddings/read_request.h"
#include "api/embeddings/write_response.h"

namespace melete::api::embeddings {

Result<std::string> embed(std::string_view body, const gateway::Router& router,
                          std::stop_token stop) {
  auto read = read_request(body);
  if (!read) return std::unexpected(read.error());
  const auto resolved = router.resolve(read->request.model);
  if (!resolved) return std::unexpected(resolved.error());
  const std::string name = read->request.model.empty() ? resolved->model : read->request.model;
  read->request.stop = std::move(stop);
  const auto embeddings = router.embed(std::move(read->request));
  if (!embeddings) return std::unexpected(embeddings.error());
  return write_response(name, read->encoding, *embeddings);
}

}  // namespace melete::api::embeddings
