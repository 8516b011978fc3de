// Another Melete behind chat::Backend: what runs on this machine's engine also runs on a server's.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chat/backend.h"
#include "cli/api_client.h"

namespace melete::cli {

// Thread-safe like every Backend.
//
// Limits: choices share one prompt and one sampling, and there are no tools. Of the controls only
// Stop: it closes the connection, upon which the server frees the answer, so the usage of a stopped
// answer is not known here. info() knows only the name, and count() nothing.
class RemoteBackend final : public chat::Backend {
 public:
  explicit RemoteBackend(net::Url server);  // as parse_server() gives it

  // The names that the server serves, without those that end in a mode. Blocks; needs no event
  // loop.
  Result<std::vector<std::string>> models() const;

  Result<chat::BackendInfo> info(const std::string& model) const override;
  Result<int64_t> count(const chat::Request& request) const override;
  std::unique_ptr<chat::Stream> start(chat::Request request) override;

 private:
  const net::Url server_;
};

}  // namespace melete::cli
