#include "commands/run_setup.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/cuda.h>

#include <algorithm>
#include <system_error>
#include <thread>

#include "gguf/export_model.h"
#include "gguf/import_model.h"
#include "loop/checkpoint.h"

namespace melete::train {

namespace {

// Without these instructions, products of bfloat16 are slower than those of float.
bool multiplies_bfloat16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16") != 0;
#else
  return false;
#endif
}

}  // namespace

void use_threads(int threads) {
  at::set_num_threads(
      threads > 0 ? threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
}

Result<torch::Device> choose_device(DeviceChoice choice, int rank) {
  const auto count = static_cast<int>(torch::cuda::device_count());
  if (count == 0 && choice == DeviceChoice::Gpu) {
    return fail(ErrorCode::Unavailable,
                "libtorch finds no GPU here: choose device = \"cpu\", or build melete-train with a "
                "libtorch for CUDA, as docs/training.md tells.",
                "device");
  }
  if (count == 0 || choice == DeviceChoice::Processor) return torch::kCPU;
  return torch::Device(torch::kCUDA, static_cast<c10::DeviceIndex>(rank % count));
}

torch::ScalarType activation_type(Precision precision, torch::Device device) {
  const bool quick = device.is_cuda() || multiplies_bfloat16();
  const bool narrow =
      precision == Precision::Bfloat16 || (precision == Precision::Automatic && quick);
  return narrow ? torch::kBFloat16 : torch::kFloat;
}

Result<void> make_folder(const std::filesystem::path& folder) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (!problem) return {};
  return fail(ErrorCode::StorageFull,
              fmt::format("The folder {} cannot be made: {}.", folder.string(), problem.message()),
              "folder");
}

Result<void> load_start(const std::filesystem::path& start, Model& model) {
  const std::filesystem::path checkpoint = start / kCheckpointFile;
  if (std::filesystem::exists(checkpoint)) return load_weights(checkpoint, model);
  const std::filesystem::path decoder = start / kDecoderFile;
  if (std::filesystem::exists(decoder)) {
    return import_model(model, decoder, start / kProjectorFile);
  }
  return fail(ErrorCode::NotFound,
              fmt::format("There is neither {} nor {}: name the folder of a finished run of "
                          "pretrain as start.",
                          checkpoint.string(), kDecoderFile),
              "start");
}

Result<void> export_files(const Model& model, const std::filesystem::path& folder) {
  if (Result<void> written = export_decoder(model, folder / kDecoderFile); !written) return written;
  return export_projector(model, folder / kProjectorFile);
}

std::string exported_files(const std::filesystem::path& folder) {
  return fmt::format("The model is in {} and {}.\n", (folder / kDecoderFile).string(),
                     (folder / kProjectorFile).string());
}

}  // namespace melete::train
