#include "commands/run_config.h"

namespace melete::train {

void read_work(Section& root, const std::filesystem::path& base, WorkConfig& config) {
  root.path("folder", config.folder, base);
  if (config.folder.empty()) {
    root.complain("folder", "is missing: say where the results are to be kept");
  }
  root.number("seed", config.seed, {});
  root.number("threads", config.threads, {});
  root.choice("device", config.device,
              {{"auto", DeviceChoice::Automatic},
               {"cpu", DeviceChoice::Processor},
               {"cuda", DeviceChoice::Gpu}});
  root.choice(
      "precision", config.precision,
      {{"auto", Precision::Automatic}, {"bf16", Precision::Bfloat16}, {"f32", Precision::Float}});
}

void read_run(Section& root, const std::filesystem::path& base, RunConfig& config) {
  read_work(root, base, config);
  root.number("checkpoint_every", config.checkpoint_every, kCount);
}

}  // namespace melete::train
