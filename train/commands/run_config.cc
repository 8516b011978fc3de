#include "commands/run_config.h"

#include <fmt/format.h>

namespace melete::train {

namespace {

Precision read_precision(Section& root) {
  std::string precision = "auto";
  root.text("precision", precision);
  if (precision == "bf16") return Precision::Bfloat16;
  if (precision == "f32") return Precision::Float;
  if (precision != "auto") {
    root.complain("precision", fmt::format("is \"{}\": choose auto, bf16 or f32", precision));
  }
  return Precision::Automatic;
}

Compute read_compute(Section& root) {
  std::string device = "auto";
  root.text("device", device);
  if (device == "cpu") return Compute::Processor;
  if (device == "cuda") return Compute::Gpu;
  if (device != "auto") {
    root.complain("device", fmt::format("is \"{}\": choose auto, cpu or cuda", device));
  }
  return Compute::Automatic;
}

}  // namespace

void read_work(Section& root, const std::filesystem::path& base, WorkConfig& config) {
  root.path("folder", config.folder, base);
  if (config.folder.empty()) {
    root.complain("folder", "is missing: say where the results are to be kept");
  }
  root.number("seed", config.seed, {});
  root.number("threads", config.threads, {});
  config.compute = read_compute(root);
  config.precision = read_precision(root);
}

void read_run(Section& root, const std::filesystem::path& base, RunConfig& config) {
  read_work(root, base, config);
  root.number("checkpoint_every", config.checkpoint_every, kCount);
}

}  // namespace melete::train
