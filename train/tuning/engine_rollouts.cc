#include "tuning/engine_rollouts.h"

#include <system_error>
#include <utility>

#include "base/ids.h"
#include "engine/rollout_writer.h"
#include "gguf/export_adapter.h"

namespace melete::train {

namespace {

namespace fs = std::filesystem;

constexpr const char* kMemoryFiles = "/dev/shm";

// A folder that goes with it, in memory where that can be had.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::error_code ignored;
    if (fs::is_directory(kMemoryFiles, ignored)) {
      make_in(kMemoryFiles);
    } else {
      (void)leave_memory();
    }
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const fs::path& path() const { return path_; }

  // Goes on in the folder for temporary files. False where it was there already.
  bool leave_memory() {
    if (on_disk_) return false;
    std::error_code ignored;
    fs::remove_all(path_, ignored);
    make_in(fs::temp_directory_path(ignored));
    on_disk_ = true;
    return true;
  }

 private:
  void make_in(const fs::path& parent) {
    std::error_code ignored;
    path_ = parent / make_id("melete-train-");
    fs::create_directories(path_, ignored);
  }

  fs::path path_;
  bool on_disk_ = false;
};

class EngineRollouts final : public RolloutSource {
 public:
  EngineRollouts(const Model& model, std::unique_ptr<engine::RolloutWriter> writer)
      : model_(model), writer_(std::move(writer)) {}

  Result<std::vector<Rollout>> answers(std::span<const Prompt> prompts, int64_t copies,
                                       const SamplerOptions& options) override {
    if (auto handed = hand_over_adapter(); !handed) return std::unexpected(handed.error());
    std::vector<engine::RolloutPrompt> asked;
    for (const Prompt& prompt : prompts) asked.push_back({prompt.sequence.tokens, prompt.seed});
    auto written = writer_->write(asked, {.copies = copies,
                                          .most_tokens = options.most_tokens,
                                          .end = options.end,
                                          .likeliest = options.choice == Choice::Likeliest});
    if (!written) return std::unexpected(written.error());
    std::vector<Rollout> rollouts;
    for (engine::WrittenRollout& one : *written) {
      rollouts.push_back({.tokens = std::move(one.tokens),
                          .log_probabilities = std::move(one.log_probabilities),
                          .entropy = one.entropy,
                          .ended = one.ended});
    }
    return rollouts;
  }

 private:
  // The engine copies the file's weights, so that nothing is left of it should this be killed.
  Result<void> hand_over_adapter() {
    fs::path file = folder_.path() / "adapter.gguf";
    Result<void> written = export_adapter(model_, file, "learner");
    if (!written && folder_.leave_memory()) {  // of which containers have little
      file = folder_.path() / "adapter.gguf";
      written = export_adapter(model_, file, "learner");
    }
    if (!written) return written;
    const Result<void> set = writer_->set_adapter(file);
    std::error_code ignored;
    fs::remove(file, ignored);
    return set;
  }

  const Model& model_;
  ScratchFolder folder_;
  const std::unique_ptr<engine::RolloutWriter> writer_;
};

}  // namespace

Result<std::unique_ptr<RolloutSource>> engine_rollouts(const Model& model,
                                                       const std::filesystem::path& base,
                                                       const EngineRolloutsOptions& options) {
  auto writer = engine::RolloutWriter::load({.model = base,
                                             .rows = options.rows,
                                             .context_tokens = options.context_tokens,
                                             .pool_tokens = options.pool_tokens,
                                             .threads = options.threads});
  if (!writer) return std::unexpected(writer.error());
  return std::make_unique<EngineRollouts>(model, std::move(*writer));
}

}  // namespace melete::train
