#include "commands/run_setup.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <thread>

#include "gguf/export_model.h"
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

torch::ScalarType activation_type(Precision precision) {
  const bool narrow = precision == Precision::Bfloat16 ||
                      (precision == Precision::Automatic && multiplies_bfloat16());
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
  return fail(ErrorCode::NotFound,
              fmt::format("There is no {}: name the folder of a finished run of pretrain as start.",
                          checkpoint.string()),
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
