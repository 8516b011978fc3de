// Chooses the backend that serves a model, by name.
//
// Callers may add a mode to a name (`qwen:thinking`). A name that is served exactly wins, such as
// an adapter's (`qwen:sql`); only then is a known mode at its end taken off.

#pragma once

#include <list>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "chat/backend.h"
#include "chat/embedder.h"

namespace melete::gateway {

// One model that is served, and who answers for it.
struct ServedModel {
  std::string name;
  std::unique_ptr<chat::Backend> backend;
  chat::Embedder* embedder = nullptr;  // belongs to `backend`, or lives as long; null: none
};

// What a model name on the wire stands for.
struct ResolvedModel {
  std::string model;               // a served name
  std::optional<chat::Mode> mode;  // when the name asked for one
};

// Thread-safe. Requests may carry names with a mode; what the backends see is the served name.
class Router final : public chat::Backend {
 public:
  // At least one model, each name once. The first is what an empty name stands for.
  explicit Router(std::vector<ServedModel> models);

  // Serves one more, behind the others. Conflict where its name is served already.
  Result<void> add(ServedModel model);

  // The served names, in the order they were given.
  std::vector<std::string> models() const;

  // NotFound for a name that is no served one, alone or with a mode at its end: lists what is
  // served and the modes, and blames `model`.
  Result<ResolvedModel> resolve(std::string_view name) const;

  Result<chat::BackendInfo> info(const std::string& model) const override;
  Result<int64_t> count(const chat::Request& request) const override;
  std::unique_ptr<chat::Stream> start(chat::Request request) override;
  void read_ahead(const chat::Request& request) override;

  // By the model's own embedder, as chat::Embedder::embed(); Unsupported where it has none. A mode
  // in the name changes nothing.
  Result<chat::Embeddings> embed(chat::EmbedRequest request) const;

 private:
  // Valid as long as this.
  const ServedModel* find_served(std::string_view name) const;
  chat::Backend* find(std::string_view name) const;

  mutable std::shared_mutex mutex_;
  std::list<ServedModel> models_;  // guarded by mutex_; none ever goes
};

}  // namespace melete::gateway
